"""Two readings of the same conditions: durable-rules, and plain Python (law 8)."""
