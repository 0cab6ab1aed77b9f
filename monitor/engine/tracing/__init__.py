"""What every rule saw: the fold once more, telling of it (law 7)."""
