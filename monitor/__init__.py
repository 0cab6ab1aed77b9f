"""Watches what becomes of public pledges."""

__version__ = "0.1.0"
