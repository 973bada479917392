"""One thin file for each DVC stage, in pipeline order."""
