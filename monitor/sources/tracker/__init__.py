"""Other trackers' files, read by a mapping."""
