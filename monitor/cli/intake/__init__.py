"""What comes in by hand: `ingest`, `update add`, `coverage`."""
