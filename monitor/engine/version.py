"""The version of what this package means by a rule."""

ENGINE_VERSION = "8"
"""Changes whenever a history might come out differently: then caches are derived anew."""


def stamped(digest: str) -> str:
    """A digest of a rulebook that also changes with the meaning of the engine."""
    return f"{ENGINE_VERSION}-{digest}"
