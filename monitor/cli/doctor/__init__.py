"""`monitor doctor`: is everything in place."""
