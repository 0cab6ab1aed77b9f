"""Records that were refused: set aside in a file, and told of once."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.bootstrap import Application
    from monitor.domain.records import Conflict
    from monitor.domain.update import Update
    from monitor.services.evidence.collect import Collected, Refused
    from monitor.sources.reader import Reject


def set_aside(path: Path, rejects: Sequence[Reject | Refused]) -> bool:
    """Write the reject file; False: it said exactly this already.

    Raises:
        InputError: it cannot be written.
    """
    from monitor.sources.reader import Reject
    from monitor.sources.rejects import write_rejects

    fresh = path.with_name(f"{path.name}.new")
    write_rejects(fresh, [Reject(r.number, r.line, r.reason, r.record) for r in rejects])
    try:
        if path.is_file() and path.read_bytes() == fresh.read_bytes():
            return False
        fresh.replace(path)
    except OSError as error:
        raise InputError(f"cannot write the rejects to {path}: {error.strerror}") from None
    finally:
        fresh.unlink(missing_ok=True)
    return True


def first_reason(rejects: Sequence[Refused]) -> str:
    """Where the first refused record is, and why it was refused."""
    first = rejects[0]
    place = f"record {first.number}" if first.number else "a record"
    return f"{place}: {first.reason}"


def contradictions(collected: Collected, conflicts: Iterable[Conflict]) -> list[Reject]:
    """The records of a source that say something else than a known update with the same id.

    They were good when they were read: their number is their place among those that were, counted
    past those that were not. Their line is not known any more.
    """
    from monitor.sources.reader import Reject

    refused = {id(conflict.refused): conflict for conflict in conflicts}
    if not refused:
        return []
    bad = {reject.number for reject in collected.rejects}
    good = (number for number in count(1) if number not in bad)
    numbered = ((number, refused.get(id(u))) for number, u in zip(good, collected.updates))  # noqa: B905 - there are numbers enough
    return [
        Reject(number, 0, contradiction(conflict), as_record(conflict.refused))
        for number, conflict in numbered
        if conflict is not None
    ]


def contradiction(conflict: Conflict) -> str:
    """Both contents of an id, as far as they differ."""
    stored, refused = conflict
    parts = [
        f"{name} {_shown(one)} is stored, {_shown(other)} was refused"
        for name, one, other in zip(stored._fields, stored, refused, strict=True)
        if one != other and name != "recorded"
    ]
    return f"{refused.id} is known with another content: {'; '.join(parts)}"


def as_record(update: Update) -> str:
    """An update as a line that can be read again."""
    import json

    fields = {"occurred_at": update.occurred.text, **update._asdict()}
    del fields["occurred"], fields["recorded"]
    if update.value is not None:
        fields["value"] = str(update.value)
    return json.dumps({k: v for k, v in fields.items() if v not in (None, "", ())})


def _shown(value: object) -> str:
    """A value of a field, short."""
    if isinstance(value, tuple):
        text = str(value[0]) if hasattr(value, "precision") else ", ".join(map(str, value))
    else:
        text = "nothing" if value in (None, "") else str(value)
    return f"“{text if len(text) <= 80 else text[:77] + '…'}”"


def default_aside(application: Application, source: str) -> Path:
    """Where the rejects of a source go unless somebody says otherwise: beside the store."""
    from monitor.sources.rejects import reject_path

    return reject_path(application.store_path or Path("monitor.db"), source)
