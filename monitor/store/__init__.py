"""What is kept: evidence, coverage, history and the outbox, in one database."""
