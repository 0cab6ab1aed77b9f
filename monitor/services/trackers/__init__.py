"""Other people's trackers: taken over, and held against themselves."""
