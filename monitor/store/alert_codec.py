"""Alerts to rows and back. What goes in comes out equal.

The body of most alerts is an account of a transition: it is kept in parts, as a JSON list, with the
ids of the updates that it cites, which are never changed or removed. Any other body is kept whole,
as a JSON object; so are accounts from before schema 7.
"""

from __future__ import annotations

import json
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from monitor.domain.account import Account, Subject
from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.assessment import from_row
from monitor.domain.transition import Transition
from monitor.store.codec import (
    decode_pairs,
    decode_reasons_of,
    encode_assessment,
    encode_pairs,
    encode_reasons,
    to_json,
)
from monitor.store.dialect import json_list, nul_error
from monitor.store.update_codec import UPDATE_COLUMNS, decode_update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.transition import Reason
    from monitor.domain.update import Update
    from monitor.store.session import Row, Session

    Spell = Callable[[tuple[Reason, ...]], str]

ALERT_COLUMNS = (
    *("id", "kind", "phase", "at", "agreement", "commitment", "transition", "severity", "labels"),
    *("message", "body", "recorded", "opening", "found_late"),
)
"""In the order of the fields of `Alert`."""

_TEXTS = [itemgetter(i) for i in (0, 4, 5, 6, 7, 9)]
"""The columns of a row that hold text as it came."""

_CITED = (
    f"SELECT {', '.join(f'u.{name}' for name in UPDATE_COLUMNS)}"  # noqa: S608 - names of ours
    " FROM json_each(?) j CROSS JOIN updates u ON u.id = j.value"
)

# To look a member up here costs a fifth of asking its class.
_KINDS = {kind.value: kind for kind in AlertKind}
_PHASES = {phase.value: phase for phase in Phase}


def encode_alerts(alerts: Sequence[Alert], spell: Spell = encode_reasons) -> list[Row]:
    """One row each, in the order of `ALERT_COLUMNS`; 0 where there is no opening.

    To SQLite's driver a null is the dearest of values: the statement makes one of the number.

    Args:
        alerts: them.
        spell: the JSON of reasons.

    Raises:
        InputError: a text contains NUL.
    """
    # fmt: off
    rows = [
        (
            id_, kind._value_, phase._value_, at, agreement, commitment, transition, severity,
            encode_pairs(labels) if labels else "[]", message,
            _encode_account(body, spell) if type(body) is Account else to_json(body),
            recorded, 0 if opening is None else opening, 1 if late else 0,
        )
        for (
            id_, kind, phase, at, agreement, commitment, transition, severity, labels, message,
            body, recorded, opening, late,
        ) in alerts
    ]
    # fmt: on
    for column in _TEXTS:
        if "\0" in "".join(filter(None, map(column, rows))):
            raise nul_error()
    if any(alert.opening is not None and "\0" in alert.opening for alert in alerts):
        raise nul_error()
    return rows


def _encode_account(account: Account, spell: Spell) -> str:
    _, _, before, after, reasons = account.transition
    return (
        f"[{_encode_subject(account.subject)},"
        f"{'null' if before is None else encode_assessment(before)},"
        f"{encode_assessment(after)},{spell(reasons)}]"
    )


@lru_cache(maxsize=4096)
def _encode_subject(subject: Subject) -> str:
    return to_json(subject)


def decode_alerts(session: Session, rows: Sequence[Row]) -> list[Alert]:
    """The alerts of rows in the order of `ALERT_COLUMNS`; what they cite is read at once."""
    found: list[Alert] = []
    cited: dict[str, Update] = {}
    wanted: set[str] = set()
    for row in rows:
        alert = _decode(row, cited)
        if type(alert.body) is Account:
            wanted.update(i for reason in alert.body.transition.reasons for i in reason.updates)
        found.append(alert)
    if wanted:
        read = map(decode_update, session.rows(_CITED, json_list(wanted)))
        cited.update((update.id, update) for update in read)
    return found


def _decode(row: Row, cited: Mapping[str, Update]) -> Alert:
    # fmt: off
    (
        id_, kind, phase, at, agreement, commitment, transition, severity, labels, message, body,
        recorded, opening, late,
    ) = row
    parts: Any = json.loads(body)
    told = parts if type(parts) is dict else _decode_account(commitment, at, parts, cited)
    return Alert(
        id_, _KINDS[kind], _PHASES[phase], at, agreement, commitment, transition, severity,
        decode_pairs(labels), message, told, recorded, opening, bool(late),
    )
    # fmt: on


def _decode_account(
    commitment: str, at: int, parts: list[Any], cited: Mapping[str, Update]
) -> Account:
    subject, before, after, reasons = parts
    was = None if before is None else from_row(before)
    told = Transition(commitment, at, was, from_row(after), decode_reasons_of(reasons))
    return Account(Subject(*subject), told, cited)
