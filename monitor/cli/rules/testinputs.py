"""Where `monitor rules test` finds its files, and how it reads the updates in them."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.domain.update import Update
    from monitor.engine.engine import Engine


def test_files(paths: Sequence[Path]) -> list[Path]:
    """Every test file below the paths; a path that is a file is taken as it is.

    A rulebook stands for the tests beside it that carry its name.
    """
    from monitor.services.ruletests.file import SUFFIXES

    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = (f for f in path.rglob("*") if f.name.endswith(SUFFIXES))
            found.update((f, None) for f in sorted(below) if f.is_file())
        elif path.name.endswith((".yaml", ".yml")) and not path.name.endswith(SUFFIXES):
            beside = [path.with_name(path.stem + suffix) for suffix in SUFFIXES]
            found.update((f, None) for f in beside if f.is_file())
        elif path.exists():
            found[path] = None
        else:
            raise UsageError(f"{path}: no such file or folder")
    if not found:
        where = ", ".join(str(path) for path in paths)
        raise UsageError(f"no rule tests in {where}", hint="they are called *.test.yaml")
    return list(found)


def engine_for(books: Sequence[Path], evaluator: str) -> Engine:
    """An engine with these rulebooks.

    Raises:
        RulebookError: they have faults.
    """
    from monitor.bootstrap import make_evaluator
    from monitor.engine.engine import Engine
    from monitor.language.loader import load_rulebook

    return Engine(load_rulebook(books), make_evaluator(evaluator))


def read_test_updates(
    origin: Path | list[dict[str, Any]], *, mapping: Any, kinds: frozenset[str], zone: str
) -> list[Update]:
    """The updates of a test: of a file, or records that stand in the test itself.

    Raises:
        InputError: they cannot be read, or one of them is bad.
        ConfigError: the mapping is wrong.
    """
    from monitor.domain.time import EARLIEST
    from monitor.errors import InputError
    from monitor.language.files import display_name
    from monitor.sources.mapping import field_map
    from monitor.sources.reader import read_updates

    if isinstance(origin, list):
        records = json.dumps(origin, default=str).encode()
        stream: Path | BinaryIO = BytesIO(records)
        name, form = "updates", "json"
    else:
        stream, name, form = origin, display_name(origin), None
    reading = read_updates(
        stream,
        recorded=EARLIEST,
        kinds=kinds,
        format=form,
        mapping=field_map(mapping),
        name=name,
        zone=zone,
    )
    updates: list[Update] = []
    for batch in reading:
        updates += batch.updates
        for reject in batch.rejects:
            raise InputError(f"{name}, record {reject.number}: {reject.reason}")
    return list({update.id: update for update in updates}.values())
