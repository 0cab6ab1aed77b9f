"""The version of what this package means by a rule."""

ENGINE_VERSION = "7"
"""Changes whenever a history might come out differently: then caches are derived anew."""
