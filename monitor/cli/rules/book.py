"""The rulebook that `monitor rules new` adds to, or begins."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import InputError, UsageError
from monitor.language.document import MAX_BYTES, parse_document
from monitor.language.faults import Fault
from monitor.language.files import RulebookFile, display_name, read_bytes, rulebook_files
from monitor.language.first_test import lines_of, opening
from monitor.language.inherit import STANDARD
from monitor.language.layout.adding import add_item
from monitor.language.loader import check_rulebook, rulebook_error
from monitor.language.proposal import built_in_purposes, commitment_lines, opening_text, purpose
from monitor.language.reading import read_text
from monitor.services.ruletests.file import SUFFIXES, load_tests

if TYPE_CHECKING:
    from monitor.domain.commitment import Agreement, Commitment
    from monitor.language.loader import Report
    from monitor.language.proposal import Opening, Proposal
    from monitor.settings import Settings

SCHEMA = "monitor.schema.json"


@dataclass(slots=True)
class Book:
    """`raw` is None where there is no file yet: then `opening` is needed before it is made.

    `path` is None where the commitment is only printed.
    """

    path: Path | None
    settings: Settings
    raw: bytes | None = None
    data: dict[str, Any] = field(default_factory=dict)
    opening: Opening | None = None

    @property
    def name(self) -> str:
        return "<new>" if self.path is None else display_name(self.path)

    @property
    def begins(self) -> bool:
        """Whether the file is to be made."""
        return self.path is not None and self.raw is None

    @property
    def source(self) -> Path | None:
        """The document that the file quotes from."""
        named = self.data.get("source")
        return self.path.parent / named if self.path and isinstance(named, str) else None

    @property
    def commitments(self) -> list[Any]:
        found = self.data.get("commitments")
        return found if isinstance(found, list) else []

    @property
    def default_profile(self) -> str:
        defaults = self.data.get("defaults")
        named = defaults.get("profile") if isinstance(defaults, dict) else None
        return named if isinstance(named, str) else STANDARD

    @property
    def profiles(self) -> dict[str, str]:
        """What each profile is for: the file's own ones, then the built-in ones."""
        own = self.data.get("profiles")
        named = own if isinstance(own, dict) else {}
        said = {
            name: purpose(parts.get("description") if isinstance(parts, dict) else None)
            for name, parts in named.items()
        }
        return {**said, **{n: p for n, p in built_in_purposes().items() if n not in said}}

    def with_(self, proposal: Proposal) -> bytes:
        """The file with one more commitment.

        Raises:
            InputError: nothing can be added to it.
        """
        raw = self.raw
        if raw is None:
            raw = _BARE if self.opening is None else opening_text(self.opening).encode()
        return add_item(raw, self.name, "commitments", self.lines(proposal))

    def lines(self, proposal: Proposal) -> list[str]:
        profile = proposal.profile or self.default_profile
        return commitment_lines(proposal, profile, self.profiles.get(profile, ""))

    def check(self, proposal: Proposal) -> Report:
        """What `rules check` says of the file with one more commitment, and of no other file."""
        path = self.path or Path(self.name)
        given = [(RulebookFile(path, self.name), self.with_(proposal))]
        report = check_rulebook(self._others(), given=given, levels=self.settings.lints)
        return replace(
            report, faults=tuple(f for f in report.faults if f.location.file == self.name)
        )

    def built(self, content: bytes) -> Agreement:
        """The agreement in the content of the file, which is known to be sound."""
        path = self.path or Path(self.name)
        found = read_text(content, RulebookFile(path, self.name)).agreement
        if found is None:
            raise AssertionError(f"{self.name} was checked and cannot be built")
        return found

    @property
    def configured(self) -> bool:
        """Whether the file is one of the configured rules."""
        if self.path is None:
            return False
        real = self.path.resolve()
        return any(real.is_relative_to(one.resolve()) for one in self.settings.rules)

    def _others(self) -> list[Path]:
        """The configured rules, where the file is one of them: rulebooks ask about each other."""
        named = [one for one in self.settings.rules if one.exists()] if self.configured else []
        return [one for one in named if rulebook_files([one])[0]]


_BARE = b"agreement: new\ntitle: new\ndate: 1900-01-01\n"
"""What a commitment is checked in that is only printed."""


def open_book(path: Path | None, settings: Settings) -> Book:
    """The rulebook of this path, which need not be there.

    Raises:
        RulebookError: it has faults already.
        UsageError: it is no rulebook.
    """
    book = Book(path, settings)
    if path is None or not path.exists():
        return book
    raw = read_bytes(RulebookFile(path, book.name), MAX_BYTES)
    if isinstance(raw, Fault):
        raise InputError(f"{book.name}: {raw.message}", hint=raw.suggestion)
    document, faults = parse_document(raw, book.name)
    if document is None or faults:
        raise rulebook_error(faults)
    data = document.data
    if not isinstance(data, dict) or "agreement" not in data:
        raise UsageError(f"{book.name} is no rulebook: it does not say `agreement:`")
    book.raw, book.data = raw, data
    if "commitments" in data:
        errors = [f for f in check_rulebook([path]).errors if f.location.file == book.name]
        if errors:
            raise rulebook_error(errors)
    return book


def read_source(path: Path) -> str:
    """The text of a document to quote from.

    Raises:
        InputError: it cannot be read as UTF-8 text.
    """
    name = display_name(path)
    raw = read_bytes(RulebookFile(path, name), MAX_BYTES)
    if isinstance(raw, Fault):
        raise InputError(f"{name}: {raw.message}", hint="name the text of the source document")
    try:
        if len(raw) <= MAX_BYTES:
            return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise InputError(f"{name} is not UTF-8 text of at most 5 MB", hint="save it as plain text")


def source_of(book: Book, given: Path | None) -> Path | None:
    """The document to quote from: that of the rulebook, or the one that was named.

    Raises:
        UsageError: both are there, and differ.
    """
    own = book.source
    if own is not None and given is not None and own.resolve() != given.resolve():
        raise UsageError(
            f"{book.name} quotes from {display_name(own)}, not from {display_name(given)}",
            hint="leave the document out, or name another file with --into",
        )
    return own or given


def relative(document: Path, book: Path) -> str:
    """A document as a rulebook names it: by its way from the rulebook's folder."""
    return Path(os.path.relpath(document.resolve(), book.resolve().parent)).as_posix()


def tests_of(path: Path, commitment: Commitment) -> tuple[Path, bytes]:
    """The tests beside a rulebook, with a first one of a commitment.

    Raises:
        UsageError: that file tests another rulebook.
        InputError: nothing can be added to it.
    """
    tests = path.with_name(path.stem + SUFFIXES[0])
    name = display_name(tests)
    if not tests.exists():
        return tests, add_item(opening(path.name).encode(), name, "tests", lines_of(commitment))
    raw = read_bytes(RulebookFile(tests, name), MAX_BYTES)
    if isinstance(raw, Fault):
        raise InputError(f"{name}: {raw.message}", hint=raw.suggestion)
    if path.resolve() not in {rule.resolve() for rule in load_tests(tests, name).rules()}:
        raise UsageError(f"{name} tests another rulebook", hint="leave out --test")
    return tests, add_item(raw, name, "tests", lines_of(commitment))
