"""`monitor explain`: why, why not, what next, what if."""
