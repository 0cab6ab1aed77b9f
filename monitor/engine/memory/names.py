"""How the dates of a commitment are called."""

DEADLINE = ""
"""The name of the commitment's deadline among its dates; a milestone's date has its id."""
