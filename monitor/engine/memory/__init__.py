"""What is remembered of a commitment, and where it stands at a moment."""
