"""Sentences that were said in English, in another language.

The headlines of alerts, also where a correction quotes them, corrections themselves, and what is
said when the rules changed. What an author wrote stays as it is: titles, the words of a rule, names
and values of the rulebook's keys.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from monitor.domain.edition import SHORT
from monitor.notify.texts import catalogue, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.notify.texts import Texts

_AXES = ("level", "standing", "schedule", "activity", "last_known")
_GROUPS = {"last_known": "status"}
_WAS_NOT = re.compile(r" was not (?P<status>[a-z ]+) since (?P<since>[\d-]+), as was said, but ")
_AFTER_ALL = "” stands after all"
_ENDING = r"(?P<date>, [\d-]+)(?P<late> \[found late\])?"
_PHASES = ("opened", "resolved", "once")
_NAMED = 3
"""Differences of rules that are named; the others are counted."""


def headline(message: str, title: str, words: Texts) -> str:
    """The sentence of an alert without its reasons; that of a rule's author as it was written."""
    if words.language == "en":
        return message
    for key, pattern in _headlines(title):
        if (found := pattern.fullmatch(message)) is not None:
            values = {
                "title": title,
                "level": words.word("level", found.groupdict().get("level", "")),
            }
            return words.say(key, **values) + found["date"] + _late(found["late"], words)
    own = re.fullmatch(f"(?P<text>.*?){_ENDING}", message, re.DOTALL)
    if own is None:
        return message
    return own["text"] + own["date"] + _late(own["late"], words)


@lru_cache(maxsize=64)
def _headlines(title: str) -> list[tuple[str, re.Pattern[str]]]:
    """The English headlines about a commitment of this title, as patterns."""
    english = texts("en")
    found = []
    for key in catalogue("en"):
        kind, _, phase = key.partition(".")
        if phase not in _PHASES or kind in ("summary", "correction"):
            continue
        sentence = re.escape(english.say(key, title=title, level="\0"))
        sentence = sentence.replace(re.escape("\0"), r"(?P<level>\w+)")
        found.append((key, re.compile(rf"{sentence}(?: \(.*\))?{_ENDING}", re.DOTALL)))
    return found


def _late(mark: str | None, words: Texts) -> str:
    return f" [{words['found_late']}]" if mark else ""


def correction(body: Mapping[str, Any], words: Texts, message: str) -> str | None:
    """What was said, what holds, and who says so; None where the body does not tell."""
    said, holds = body.get("said"), body.get("holds")
    if not isinstance(said, dict):
        return None
    clause = _causes(body, words)
    title = str(body.get("title"))
    quoted = headline(str(said.get("message")), title, words)
    if holds is None:
        now = words.say("correction.now", **_standing(body, words))
        return words.say("correction.once", said=quoted, holds=now) + clause
    if "message" in holds:
        if f"{said.get('message')}{_AFTER_ALL}" in message:
            return words.say("correction.stands", said=quoted) + clause
        instead = headline(str(holds["message"]), title, words)
        return words.say("correction.once", said=quoted, holds=instead) + clause
    found = _WAS_NOT.search(message)
    if found is None:
        return None
    told = {"status": found["status"].replace(" ", "_"), "since": found["since"]}
    was, now = (
        words.say("correction.standing", **_standing(side, words)) for side in (told, holds)
    )
    return words.say("correction.summary", title=title, was=was, now=now) + clause


def rules_changed(body: Mapping[str, Any], words: Texts, message: str) -> str | None:
    """How a commitment stands under other rules; None where the body does not tell."""
    before, title = body.get("before"), body.get("title")
    if not isinstance(before, dict) or title is None:
        return None
    was = words.word("status", str(before.get("status")))
    rules = body.get("rules") or {}
    versions = _versions(rules, words)
    if "status" not in body:
        gone = words.say("rules_changed.gone", versions=versions)
        return words.say("rules_changed.lost", title=title, was=was, gone=gone)
    named = _differences(rules.get("differences") or (), words)
    why = words.say("rules_changed.why", named=named, versions=versions)
    values = {"title": title, "why": why, **_standing(body, words)}
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


def _versions(rules: Mapping[str, Any], words: Texts) -> str:
    old, new = str(rules.get("before") or ""), str(rules.get("after") or "")
    if new in ("", old):
        return words.say("version.one", old=old[:SHORT])
    return words.say("version.two", old=old[:SHORT], new=new[:SHORT])


def _differences(rows: Iterable[Mapping[str, Any]], words: Texts) -> str:
    """What is other in the rules; "" where nothing is named."""
    told = [_difference(row, words) for row in rows]
    if not told:
        return ""
    more = len(told) - _NAMED
    counted = words.say("difference.more", count=more) if more > 0 else ""
    return f": {', '.join(told[:_NAMED])}{counted}"


def _difference(row: Mapping[str, Any], words: Texts) -> str:
    """As `monitor.domain.edition.Difference` says it."""
    how = words.word("how", str(row.get("how")))
    name, where, before = str(row.get("name")), row.get("where"), row.get("before")
    if where is not None:
        place = f" ({where})" if where else ""
        return words.say("difference.rule", name=name, how=how, place=place)
    if before is not None and not before.startswith("#"):
        return f"{name} {before} → {row.get('after')}"
    english = texts("en")
    asked = english.say("difference.assessment", other="")
    if name == english["difference.order"]:
        name = words["difference.order"]
    elif name.startswith(asked):
        name = words.say("difference.assessment", other=name.removeprefix(asked))
    return words.say("difference.part", name=name, how=how)


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
