"""Evidence in, transitions out: the fold, where it stops, and the reasons it gives."""
