"""Which ads belong together."""
