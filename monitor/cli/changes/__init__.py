"""What a step found and changed, in words and as JSON."""
