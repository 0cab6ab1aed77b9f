"""Plain values of the trade. No I/O; an instant is always an argument."""
