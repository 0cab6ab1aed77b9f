"""A rulebook, compiled: conditions as columns and comparisons, decided once."""
