"""Tests of rules, as analysts write them: read, run, and what they cover."""
