"""What the use cases ask of the store and of the engine: protocols, implemented elsewhere."""

from monitor.services.ports.engine import Engine
from monitor.services.ports.store import Reader, Store, Writer

__all__ = ["Engine", "Reader", "Store", "Writer"]
