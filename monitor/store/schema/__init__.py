"""The tables.

Commitments are known by a small integer inside the database, updates by `seq`, the order in which
they were recorded (given out under the write lock, so without gaps or races). Lists are compact
JSON text, decimals are text, instants are whole seconds UTC.
"""

from monitor.store.schema import evidence, history, telling
from monitor.store.schema.base import metadata, version

__all__ = ["evidence", "history", "metadata", "telling", "version"]
