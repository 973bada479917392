"""Score many inputs into a folder: one output part for each input part, safe to kill and to start again."""
