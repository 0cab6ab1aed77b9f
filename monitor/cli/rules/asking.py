"""What `monitor rules new` asks on a terminal; each answer is checked before the next question."""

from __future__ import annotations

from dataclasses import replace
from textwrap import fill, shorten
from typing import TYPE_CHECKING, Any

import typer

from monitor.cli.output import say
from monitor.language.faults import did_you_mean
from monitor.language.passages import misquoted, passages, search
from monitor.language.proposal import NUMERIC, Proposal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.cli.rules.book import Book
    from monitor.language.faults import Fault
    from monitor.language.passages import Passage
    from monitor.language.proposal import Opening

SHOWN = 10
_NARROW = 90


def ask(question: str, default: str = "", *, required: bool = False) -> str:
    """One answer; an empty one is the default."""
    while True:
        shown = bool(default)
        given = typer.prompt(question, default=default, show_default=shown, err=True)
        answer = str(given).strip()
        if answer or not required:
            return answer
        say("this cannot be left out")


def ask_list(question: str) -> tuple[str, ...]:
    """Answers with commas between them."""
    return listed(ask(f"{question}, separated by commas"))


def listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def ask_quote(document: str | None, words: str | None = None) -> str:
    """Words of the document: a passage that was searched for, or a part of it.

    Args:
        document: what the quote must stand in; None: nothing to compare it with.
        words: searched for to begin with.
    """
    if document is None:
        return ask("Quote, word for word", required=True)
    found = passages(document)
    chosen = ""
    for line in listing(found, words) if words else ():
        say(line)
    while not chosen:
        words = ask("Words to search the document for, or the number of a passage")
        if words.isdigit() and 0 < int(words) <= len(found):
            chosen = found[int(words) - 1].text
        elif words:
            for line in listing(found, words):
                say(line)
        else:
            break
    while True:
        quote = ask("Quote, the whole passage or a part of it", chosen, required=True)
        wrong = misquoted(quote, document)
        if wrong is None:
            return quote
        say(f"this does not stand in the document: {wrong}")


def listing(found: Sequence[Passage], words: str) -> Iterator[str]:
    """Passages with these words, with their numbers and what stands around them."""
    hits, whole = search(found, words)
    if not hits:
        yield "no passage has any of these words"
        return
    if not whole:
        yield "no passage has all of these words; these have some of them"
    for passage in hits[:SHOWN]:
        yield from _shown(found, passage)
    if len(hits) > SHOWN:
        yield f"… and {len(hits) - SHOWN} more: search for more words"


def _shown(found: Sequence[Passage], passage: Passage) -> Iterator[str]:
    indent = " " * 6
    before, after = passage.number - 2, passage.number
    if before >= 0:
        yield f"{indent}… {_end(found[before].text)}"
    yield fill(
        passage.text, _NARROW, initial_indent=f"{passage.number:>4}  ", subsequent_indent=indent
    )
    if after < len(found):
        yield f"{indent}{shorten(found[after].text, _NARROW - 10, placeholder=' …')}"


def _end(text: str) -> str:
    """The end of a long sentence."""
    return text if len(text) <= _NARROW - 10 else f"… {text[10 - _NARROW :].partition(' ')[2]}"


def profile_lines(profiles: dict[str, str]) -> Iterator[str]:
    """One line for each profile, with what it is for."""
    wide = max(map(len, profiles))
    for name, reason in profiles.items():
        yield f"{name:<{wide}}  {shorten(reason, 98 - wide, placeholder=' …')}".rstrip()


def complete(book: Book, proposal: Proposal, suggest: Callable[[str], str]) -> Proposal:
    """Ask for what a proposal lacks, its quote aside.

    Args:
        book: what the answers are checked in.
        proposal: what is known.
        suggest: an id, made of a title.
    """
    proposal = _field(book, proposal, "title", "Title, in a few words", required=True)
    proposal = _field(book, proposal, "id", "Id", suggest(proposal.title), required=True)
    if not proposal.profile:
        for line in profile_lines(book.profiles):
            say(f"  {line}")
        proposal = replace(proposal, profile=_profile(book))
    themes = {c["theme"] for c in book.commitments if isinstance(c, dict) and "theme" in c}
    known = f" ({', '.join(sorted(map(str, themes)))}, …)" if themes else ""
    proposal = _field(book, proposal, "theme", f"Theme{known}")
    if not proposal.parties:
        proposal = _field(book, proposal, "parties", "Parties, if not all, separated by commas")
    proposal = _field(book, proposal, "deadline", "Deadline, such as 2026-12-31")
    proposal = _field(book, proposal, "topics", f"Topics of its updates, if not {proposal.id}")
    proposal = _field(book, proposal, "done", "Words in a report's title that mean it is delivered")
    if proposal.profile == NUMERIC:
        for name, question in (("baseline", "Value at the start"), ("target", "Value to reach")):
            proposal = _field(book, proposal, name, question, required=True)
        proposal = _field(book, proposal, "unit", "Unit")
    return proposal


def _profile(book: Book) -> str:
    while True:
        name = ask("Profile", book.default_profile)
        if name in book.profiles:
            return name
        say(f"there is no profile '{name}', {did_you_mean(name, book.profiles) or 'see above'}")


_PLACE = {
    "topics": "about",
    "baseline": "indicators",
    "target": "indicators",
    "unit": "indicators",
    "done": "rules",
}


def _field(
    book: Book,
    proposal: Proposal,
    name: str,
    question: str,
    default: str = "",
    *,
    required: bool = False,
) -> Proposal:
    """A proposal with one more field, asked for until nothing is wrong with it."""
    if getattr(proposal, name):
        return proposal
    many = isinstance(getattr(proposal, name), tuple)
    while True:
        answer = ask(question, default, required=required)
        if not answer:
            return proposal
        value: Any = listed(answer) if many else answer
        done = replace(proposal, **{name: value})
        wrong = _faults(book, done, name)
        if not wrong:
            return done
        for line in wrong:
            say(line)


def _faults(book: Book, proposal: Proposal, name: str) -> list[str]:
    """What is wrong with a field, whatever the others will be."""
    tried = replace(
        proposal,
        id=proposal.id or "new",
        title=proposal.title or "new",
        quote=proposal.quote or "new",
        profile="none",
    )
    place = f"commitments[{len(book.commitments)}].{_PLACE.get(name, name)}"
    found = [fault for fault in book.check(tried).errors if fault.path.startswith(place)]
    return [_said(fault) for fault in found]


def _said(fault: Fault) -> str:
    return fault.message + (f"; {fault.suggestion}" if fault.suggestion else "")


_OPENING = {
    "agreement": "Id of the agreement",
    "title": "Title of the agreement",
    "date": "When it was made, such as 2025-08-23",
}


def ask_opening(book: Book, opening: Opening) -> Opening:
    """What the top of a new rulebook needs."""
    for name, question in _OPENING.items():
        while not getattr(opening, name):
            answer: Any = ask(question, required=True)
            tried = replace(opening, **{name: answer})
            wrong = opening_faults(book, tried, name)
            for line in wrong:
                say(line)
            opening = opening if wrong else tried
    if not opening.parties:
        opening = replace(opening, parties=ask_list("Parties"))
    if not opening.press and not opening.official:
        opening = replace(opening, press=ask_list("Papers and agencies that report on it"))
    return opening


def opening_faults(book: Book, opening: Opening, name: str) -> list[str]:
    """What is wrong with one key of the top of a rulebook."""
    known = replace(
        opening,
        agreement=opening.agreement or "new",
        title=opening.title or "new",
        date=opening.date or "1900",
    )
    book.opening, kept = known, book.opening
    errors = book.check(Proposal("new", "new", "new")).errors
    book.opening = kept
    return [_said(fault) for fault in errors if fault.path == name]
