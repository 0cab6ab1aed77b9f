"""Which updates concern a commitment, and how much each of them counts."""
