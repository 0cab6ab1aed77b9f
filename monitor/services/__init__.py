"""The use cases: ingest, assess, deliver, and the questions one can ask."""
