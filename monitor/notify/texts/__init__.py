"""The built-in words of messages, by language.

Every catalogue has the same keys, with the same placeholders. The English `reason.*` are also the
patterns by which the engine's sentences are known again, so that they can be said otherwise; what
an author of rules wrote stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

LANGUAGES = ("en", "ja", "ko")


class Texts:
    """The words of one language."""

    __slots__ = ("_words", "language")

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language = language
        self._words = words

    def __getitem__(self, key: str) -> str:
        return self._words[key]

    def say(self, key: str, **values: object) -> str:
        """The sentence of a key with its placeholders filled."""
        return self._words[key].format_map(values)

    def word(self, group: str, value: str) -> str:
        """The word for a value, such as a status; the value itself where there is none."""
        return self._words.get(f"{group}.{value}", value.replace("_", " "))

    def reason(self, text: str) -> str:
        """A sentence of the engine in this language; any other text as it is."""
        if self.language == "en":
            return text
        return self._reason(text) or text

    def _reason(self, text: str) -> str | None:
        for key, pattern in _patterns():
            found = pattern.fullmatch(text)
            if found is None:
                continue
            values = found.groupdict()
            if "level" in values:
                values["level"] = self.word("level", values["level"])
            if "schedule" in values:
                values["schedule"] = self.word("schedule", values["schedule"].replace(" ", "_"))
            if "dates" in values:
                values["dates"] = self._dates(values["dates"])
            if "reason" in values:
                values["reason"] = self.reason(values["reason"])
            return self.say(key, **values)
        return None

    def _dates(self, text: str) -> str:
        """What is said of moved and missed dates, in this language."""

        def said(found: re.Match[str]) -> str:
            to, by, slips, missed = found.group("to", "by", "slips", "missed")
            if missed is not None:
                return self.say("dates.missed", count=missed)
            parts = [self.say("dates.moved", to=to)]
            parts += [self.say("dates.by", by=by)] if by else []
            parts += [self.say("dates.slips", count=slips)] if slips else []
            return "".join(parts)

        named = _DEADLINE.sub(rf"\1{self['dates.deadline']} ", text)
        return _MOVED.sub(said, named)


_MOVED = re.compile(
    r", moved to (?P<to>[\d:TZ+-]+)(?: by (?P<by>.+?))?(?:, (?P<slips>\d+) slips?)?"
    r"(?=, \S+ \d{4}-|, moved to|$)"
    r"|, (?P<missed>\d+) missed"
)
"""What the engine says of a date that was moved or missed, behind that date."""

_DEADLINE = re.compile(r"(^|, )deadline (?=\d{4}-)")
"""The deadline, beside which milestones stand by the names that their authors gave them."""


@lru_cache(maxsize=len(LANGUAGES))
def texts(language: str) -> Texts:
    """The catalogue of one of the LANGUAGES."""
    return Texts(language, catalogue(language))


def catalogue(language: str) -> Mapping[str, str]:
    """Its keys and sentences."""
    words: Mapping[str, str] = import_module(f"{__name__}.{language}").WORDS
    return words


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The English reasons as patterns, the most particular first."""
    english = {k: v for k, v in catalogue("en").items() if k.startswith("reason.")}
    longest = sorted(english.items(), key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[1])))
    return [(key, _pattern(text)) for key, text in longest]


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile(
        "".join(
            f"(?P<{part}>{_values(part)})" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        ),
        re.DOTALL,
    )


def _values(placeholder: str) -> str:
    """What may stand in a place: one of the words that there are for it, or else anything."""
    words = [v for k, v in catalogue("en").items() if k.startswith(f"{placeholder}.")]
    if placeholder not in ("level", "schedule"):
        return ".+?"
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
