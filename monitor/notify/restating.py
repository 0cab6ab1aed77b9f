"""Corrections, and what is said when the rules changed: the same sentences in another language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.notify.texts import Texts

_AXES = ("level", "standing", "schedule", "activity", "last_known")
_GROUPS = {"last_known": "status"}
_WAS_NOT = re.compile(r" was not (?P<status>[a-z ]+) since (?P<since>[\d-]+), as was said, but ")
_AFTER_ALL = "” stands after all"


def correction(body: Mapping[str, Any], words: Texts, message: str) -> str | None:
    """What was said, what holds, and who says so; None where the body does not tell."""
    said, holds = body.get("said"), body.get("holds")
    if not isinstance(said, dict):
        return None
    clause = _causes(body, words)
    if holds is None:
        now = words.say("correction.now", **_standing(body, words))
        return words.say("correction.once", said=said.get("message"), holds=now) + clause
    if "message" in holds:
        if f"{said.get('message')}{_AFTER_ALL}" in message:
            return words.say("correction.stands", said=said.get("message")) + clause
        instead = holds["message"]
        return words.say("correction.once", said=said.get("message"), holds=instead) + clause
    found = _WAS_NOT.search(message)
    if found is None:
        return None
    told = {"status": found["status"].replace(" ", "_"), "since": found["since"]}
    was, now = (
        words.say("correction.standing", **_standing(side, words)) for side in (told, holds)
    )
    return words.say("correction.summary", title=body.get("title"), was=was, now=now) + clause


def rules_changed(body: Mapping[str, Any], words: Texts, message: str) -> str | None:
    """How a commitment stands under other rules; None where the body does not tell."""
    before, title = body.get("before"), body.get("title")
    if not isinstance(before, dict) or title is None:
        return None
    was = words.word("status", str(before.get("status")))
    if "status" not in body:
        gone = words["rules_changed.gone"]
        return words.say("rules_changed.lost", title=title, was=was, gone=gone)
    values = {"title": title, "why": words["rules_changed.why"], **_standing(body, words)}
    if message.startswith(f"{title}: watched again, "):
        return words.say("rules_changed.again", **values)
    if before.get("status") != body["status"]:
        return words.say("rules_changed.instead", was=was, **values)
    axes = ", ".join(
        f"{words[f'axis.{axis}']} {_word(before, axis, words)} → {_word(body, axis, words)}"
        for axis in _AXES
        if before.get(axis) != body.get(axis)
    )
    return words.say("rules_changed.still", axes=axes, **values)


def _word(side: Mapping[str, Any], axis: str, words: Texts) -> str:
    return words.word(_GROUPS.get(axis, axis), str(side.get(axis)))


def _standing(body: Mapping[str, Any], words: Texts) -> dict[str, str]:
    status = words.word("status", str(body.get("status")))
    return {"status": status, "since": str(body.get("since"))}


def _causes(body: Mapping[str, Any], words: Texts) -> str:
    """Which report made it so; "" where none is named."""
    causes = body.get("changed_by") or ()
    if not causes:
        return ""
    first = causes[0]
    source = first.get("source")
    return words.say(
        "cause.says",
        what=words[f"cause.{first['how']}"],
        title=first["title"],
        source=words.say("cause.source", source=source) if source else "",
        more=words.say("cause.more", count=len(causes) - 1) if len(causes) > 1 else "",
    )
