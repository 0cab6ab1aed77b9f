"""The wiring: the one place that knows every adapter, and the only one that holds a clock."""

from __future__ import annotations

import gc
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.domain.commitment import Rulebook
    from monitor.domain.register import Register
    from monitor.domain.routing import Policy
    from monitor.domain.time import Instant
    from monitor.engine.engine import Engine
    from monitor.engine.evaluators.program import Evaluator, Row, Shape
    from monitor.notify.heartbeat import Heartbeat
    from monitor.notify.receiver import Receiver
    from monitor.receivers import Unusable
    from monitor.services.ports import Reader
    from monitor.settings import Settings
    from monitor.sources.feed import FileSource
    from monitor.store.database import Database


def system_clock() -> Instant:
    """The present, in whole seconds. Everything else takes the time as an argument."""
    return int(time.time())  # noqa: TID251 - the clock


def calm_collector() -> None:
    """Let Python's cycle collector look less often.

    A step makes hundreds of thousands of values that live until it ends and hold no cycles; walking
    them again and again took a fifth of its time. For a short-lived process only: a wheel that has
    to turn for days keeps the defaults.
    """
    gc.freeze()
    gc.set_threshold(1_000_000, 50, 100)


class Application:
    """What the settings describe, made when it is first asked for.

    Args:
        settings: of this run.
        clock: tells the present.
    """

    def __init__(self, settings: Settings, clock: Callable[[], Instant] = system_clock) -> None:
        self.settings = settings
        self.clock = clock

    @cached_property
    def rulebook(self) -> Rulebook:
        from monitor.language.loader import load_rulebook

        return load_rulebook(self.settings.rules)

    @cached_property
    def engine(self) -> Engine:
        from monitor.engine.engine import Engine

        return Engine(self.rulebook, LazyEvaluator(self.settings.evaluator))

    def register(self, reader: Reader) -> Register:
        """The rulebook in short: as a run left it where the files are still the same, byte by byte.

        Raises:
            RulebookError: they are not, and something is wrong with them.
        """
        from monitor.services.views.register import noted, register_of

        if "engine" not in self.__dict__:
            from monitor.engine.version import stamped
            from monitor.language.origin import origin_of

            origin = origin_of(self.settings.rules)
            found = None if origin is None else noted(reader, stamped(origin.digest))
            if origin and found and origin.holds(a.source for a in found.agreements):
                return found
        return register_of(self.engine)

    @cached_property
    def store(self) -> Database:
        from monitor.store import open_store

        return open_store(self.settings.store)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Every kind that an update may have under this rulebook."""
        from monitor.domain.update import KINDS

        declared = (kind for a in self.rulebook.agreements for kind in a.kinds)
        return frozenset((*KINDS, *declared))

    @cached_property
    def sources(self) -> list[FileSource]:
        from monitor.domain.time import parse_occurred
        from monitor.sources.detect import Format
        from monitor.sources.feed import FileSource
        from monitor.sources.mapping import field_map

        return [
            FileSource(
                source.name,
                source.file,
                None if source.format is None else Format(source.format),
                field_map(source.map),
                None if source.covers_until is None else parse_occurred(source.covers_until),
                source.agreement,
            )
            for source in self.settings.sources
        ]

    @cached_property
    def receivers(self) -> Mapping[str, Receiver | Unusable]:
        """By name; a secret is read when it is needed, and only then."""
        from monitor.receivers import make_receivers

        return make_receivers(self.settings.receivers) if self.settings.receivers else {}

    @cached_property
    def heartbeat(self) -> Heartbeat | None:
        """Whom `monitor run` tells that it ran."""
        from monitor.receivers import make_heartbeat

        settings = self.settings.heartbeat
        return None if settings is None else make_heartbeat(settings)

    @property
    def receiver_names(self) -> list[str]:
        return [receiver.name for receiver in self.settings.receivers]

    @cached_property
    def policy(self) -> Policy:
        """Who is told what, and when."""
        from monitor.config import policy_of

        return policy_of(self.settings)

    @property
    def store_path(self) -> Path | None:
        """The file of an embedded store; None for a server."""
        prefix = "sqlite:///"
        url = self.settings.store
        return Path(url.removeprefix(prefix)) if url.startswith(prefix) else None


class LazyEvaluator:
    """The evaluator of that name, made when the first rule is compiled."""

    def __init__(self, name: str) -> None:
        self._wanted = name

    @cached_property
    def _evaluator(self) -> Evaluator:
        return make_evaluator(self._wanted)

    @property
    def name(self) -> str:
        return self._evaluator.name

    def prepare(self, shape: Shape, params: Row) -> Callable[[Row], int]:
        return self._evaluator.prepare(shape, params)


def make_evaluator(name: str) -> Evaluator:
    """The evaluator by name; `auto` is durable-rules where it is installed, else plain Python.

    Raises:
        ConfigError: durable-rules was asked for and is not installed.
    """
    from monitor.engine.evaluators.plain import PlainEvaluator

    if name == "plain":
        return PlainEvaluator()
    try:
        from monitor.engine.evaluators.durable import DurableEvaluator
    except ImportError:
        if name == "auto":
            return PlainEvaluator()
        raise ConfigError(
            "durable-rules is not installed",
            hint="it needs a C compiler and Python 3.11 or 3.12; `evaluator: plain` does without",
        ) from None
    return DurableEvaluator()
