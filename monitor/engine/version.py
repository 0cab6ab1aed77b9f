"""The version of what this package means by a rule."""

ENGINE_VERSION = "5"
"""Changes whenever a history might come out differently: then caches are derived anew."""
