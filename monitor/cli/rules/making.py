"""The steps of `monitor rules new`: quote, complete, check, show, write."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.files import folder_for, replace_file
from monitor.cli.output import emit, say
from monitor.cli.rules.asking import ask, ask_opening, ask_quote, complete, listing
from monitor.cli.rules.book import SCHEMA, read_source, relative, source_of, tests_of
from monitor.errors import UsageError
from monitor.language.loader import rulebook_error
from monitor.language.passages import misquoted, passages
from monitor.language.proposal import NUMERIC
from monitor.services.trackers.importing import slug

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.cli.rules.book import Book
    from monitor.language.proposal import Opening, Proposal


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says."""

    proposal: Proposal
    opening: Opening
    document: Path | None
    find: str | None
    passage: int | None
    test: bool
    dry_run: bool


def make(context: Context, book: Book, wishes: Wishes, *, asking: bool) -> None:
    """All of it.

    Raises:
        UsageError: something is missing or does not fit.
        RulebookError: what was made would have faults; nothing was written.
    """
    document = source_of(book, wishes.document)
    missing = _missing(book, wishes)
    if wishes.find is not None and not asking and "--quote" in missing:
        _find(None if document is None else read_source(document), wishes.find)
        return
    if missing and not asking:
        raise UsageError(
            f"missing: {', '.join(missing)}",
            hint="on a terminal `monitor rules new` asks for them",
        )
    if missing and document is None and (named := ask("Source document, a text file")):
        document = Path(named)
    text = None if document is None else read_source(document)
    proposal = replace(wishes.proposal, quote=_quote(wishes, text))
    with nullcontext() if book.path is None else folder_for(book.path):
        if book.path is not None and book.raw is None:
            book.opening = _opening(book.path, wishes.opening, document)
        if missing:
            proposal = _asked(book, proposal, text, wishes.find)
        proposal = replace(proposal, id=proposal.id or slug(proposal.title))
        if not proposal.id:
            raise UsageError("missing: --id", hint="the title has no letters to make one of")
        written = _finish(context, book, proposal, wishes, asking=asking, asked=bool(missing))
    if written or book.path is None:
        _advise(context, book, document)


def _asked(book: Book, proposal: Proposal, text: str | None, words: str | None) -> Proposal:
    if book.opening is not None:
        book.opening = ask_opening(book, book.opening)
    if not proposal.quote:
        proposal = replace(proposal, quote=ask_quote(text, words))
    return complete(book, proposal, slug)


def _missing(book: Book, wishes: Wishes) -> list[str]:
    """The options that are needed and were not given."""
    proposal, top = wishes.proposal, wishes.opening
    wanted = {"--quote": proposal.quote or wishes.passage is not None, "--title": proposal.title}
    if book.begins:
        wanted |= {
            "--agreement": top.agreement,
            "--agreement-title": top.title,
            "--date": top.date,
        }
    if (proposal.profile or book.default_profile) == NUMERIC:
        wanted |= {"--baseline": proposal.baseline, "--target": proposal.target}
    return [option for option, value in wanted.items() if not value]


def _find(text: str | None, words: str) -> None:
    """Show passages; exit code 1 where there are none."""
    if text is None:
        raise UsageError(
            "--find: there is no document to search", hint="monitor rules new DOCUMENT --find WORDS"
        )
    lines = list(listing(passages(text), words))
    for line in lines:
        emit(line)
    if len(lines) == 1:
        raise typer.Exit(1)
    say("next: --passage N quotes one of them, --quote TEXT a part of it")


def _quote(wishes: Wishes, text: str | None) -> str:
    """The words of the command line, which stand in the document; "" without any."""
    if wishes.passage is not None:
        found = passages(text or "")
        if not 0 < wishes.passage <= len(found):
            raise UsageError(
                f"--passage {wishes.passage}: the document has {len(found)}",
                hint="--find WORDS shows their numbers",
            )
        if not wishes.proposal.quote:
            return found[wishes.passage - 1].text
        text = found[wishes.passage - 1].text
    quote = wishes.proposal.quote
    wrong = misquoted(quote, text) if quote and text is not None else None
    if wrong is not None:
        raise UsageError(
            f"--quote: these words do not stand in the document: {wrong}",
            hint="--find WORDS shows what does",
        )
    return quote


def _opening(path: Path, opening: Opening, document: Path | None) -> Opening:
    source = "" if document is None else relative(document, path)
    return replace(opening, source=source, schema=(path.parent / SCHEMA).is_file())


def _finish(
    context: Context, book: Book, proposal: Proposal, wishes: Wishes, *, asking: bool, asked: bool
) -> bool:
    """Check what was made, show it, and write it; whether it was written."""
    report = book.check(proposal)
    if report.errors:
        raise rulebook_error(report.errors)
    content = book.with_(proposal)
    if book.path is None or wishes.dry_run or asking:
        shown = content.decode() if book.begins else "\n".join(book.lines(proposal))
        (say if asking and not wishes.dry_run and book.path else emit)(shown.rstrip("\n"))
    if book.path is None or wishes.dry_run:
        return False
    if asking and not typer.confirm(f"Write it into {book.name}?", default=True, err=True):
        raise typer.Exit(1)
    files = {book.path: content}
    asks = asked and asking and not wishes.test
    if wishes.test or (asks and typer.confirm("A first test of it, too?", default=True, err=True)):
        built = book.built(content).commitments[len(book.commitments)]
        path, tests = tests_of(book.path, built)
        files[path] = tests
    for path, new in files.items():
        replace_file(path, new)
        emit(str(path))
    place = f"commitments[{len(book.commitments)}]"
    for fault in report.lints:
        if fault.path.startswith(place):
            say(str(fault), quiet=context.quiet)
    return True


def _advise(context: Context, book: Book, document: Path | None) -> None:
    """What to do next."""
    if document is None:
        say("there is no source document: nothing was compared with the quote", quiet=context.quiet)
    elif book.raw is not None and book.path is not None and book.source is None:
        name = relative(document, book.path)
        say(
            f"{book.name} names no source: with `source: {name}` `rules check` compares its quotes",
            quiet=context.quiet,
        )
    if book.path is not None:
        where = "" if book.configured else f" {book.name}"
        say(f"next: monitor rules check{where}", quiet=context.quiet)
        say(f"then: monitor rules test{where}, monitor run", quiet=context.quiet)
