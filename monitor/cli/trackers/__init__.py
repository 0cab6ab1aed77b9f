"""`monitor import` and `monitor audit`: other people's trackers."""
