"""What alerts cite: the updates that reasons rest on, as a receiver is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.services.alerts.wording import reason_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.transition import Reason, Transition
    from monitor.services.ports import Reader


class Citations:
    """Says what updates say, in the place of their ids; each is read and put together once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, dict[str, str]] = {}

    def prepare(self, transitions: Iterable[Transition]) -> None:
        """Read at once what the reasons of many transitions rest on."""
        self._read({i for t in transitions for reason in t.reasons for i in reason.updates})

    def reasons(self, reasons: Sequence[Reason]) -> list[dict[str, Any]]:
        """Reasons, JSON-ready, with what their updates say."""
        return [self._reason(reason) for reason in reasons]

    def _reason(self, reason: Reason) -> dict[str, Any]:
        told = reason_body(reason)
        if reason.updates:
            known = self._known
            if not all(identity in known for identity in reason.updates):
                self._read(reason.updates)
            told["updates"] = [known[identity] for identity in reason.updates]
        return told

    def _read(self, ids: Iterable[str]) -> None:
        missing = [identity for identity in ids if identity not in self._known]
        found = self._reader.updates(missing) if missing else {}
        for identity in missing:
            update = found.get(identity)
            self._known[identity] = (
                {"id": identity}
                if update is None
                else {
                    "id": identity,
                    "occurred": update.occurred.text,
                    "kind": update.kind,
                    "title": update.title,
                    "source": update.source,
                    "url": update.url,
                }
            )
