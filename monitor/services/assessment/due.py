"""Who needs to be looked at although no news concerns them: time has passed, or they are new."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.time import Instant
    from monitor.services.evidence.watching import Watching
    from monitor.services.ports import Engine, Reader, Writer

_STRANGERS = "strangers"


def due(reader: Reader, engine: Engine, watching: Watching, now: Instant) -> set[str]:
    """Those whose stored instant has come, and all of an agreement whose coverage turned."""
    commitments = engine.commitments
    found = {key for key in reader.due(now, watching.ends()) if key in commitments}
    changed = watching.turned | (set(watching.affected) - watching.went_on)
    if changed:
        found |= {key for key, c in commitments.items() if c.agreement in changed}
    return found


def strangers(writer: Writer, engine: Engine) -> set[str]:
    """Those that earlier steps have derived but not introduced; to be asked by who introduces."""
    if writer.meta(_STRANGERS) != "yes":
        return set()
    writer.set_meta(_STRANGERS, "no")
    states, commitments = writer.states(), engine.commitments
    return {k for k, state in states.items() if state.introduced is None and k in commitments}


def remember_strangers(writer: Writer) -> None:
    """This step has derived some, and introduced them not."""
    writer.set_meta(_STRANGERS, "yes")
