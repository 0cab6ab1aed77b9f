"""A rulebook in its usual layout, certain to mean what it meant."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from yaml import YAMLError

from monitor.errors import InputError
from monitor.language.document import parse_document
from monitor.language.files import RulebookFile
from monitor.language.layout.order import Form
from monitor.language.layout.reading import comments_of, read_layout
from monitor.language.layout.same import said
from monitor.language.layout.tree import Collection
from monitor.language.layout.writing import write
from monitor.language.loader import check_rulebook, rulebook_error
from monitor.language.models import ProfileModel, RulebookModel
from monitor.language.reading import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from monitor.language.layout.tree import Layout

_ROUNDS = 5
"""A second round changes nothing, or hardly ever: then the next one does not."""

MODELS: tuple[type[BaseModel], ...] = (RulebookModel, ProfileModel)


def formatted(raw: bytes, name: str, models: Sequence[type[BaseModel]] = MODELS) -> bytes:
    """The file in its usual layout. What is in it already comes back as it is.

    Comments stay, beside what they stood beside. Line ends stay as that of the first line; a byte
    order mark goes.

    Args:
        raw: the content of a file.
        name: what messages call it.
        models: what it may be: that which knows most of its top keys gives the order of keys.

    Raises:
        RulebookError: it is not YAML.
        InputError: it could not be formatted without losing something.
    """
    document, faults = parse_document(raw, name)
    if document is None:
        raise rulebook_error(faults)
    text = raw.decode("utf-8-sig")
    ends = "\r\n" if text[: text.find("\n") + 1].endswith("\r\n") else "\n"
    done = _settled(text, name, models)
    if done == text.replace("\r\n", "\n"):
        return done.replace("\n", ends).encode()
    result = done.replace("\n", ends).encode()
    try:
        _compare(raw, result, text, done, name)
    except YAMLError:
        raise _lost(name, "it would be no YAML any more") from None
    return result


def _settled(text: str, name: str, models: Sequence[type[BaseModel]]) -> str:
    """The text to which formatting comes back again."""
    for _ in range(_ROUNDS):
        try:
            layout = read_layout(text, name)
        except YAMLError:
            raise _lost(name, "it would be no YAML any more") from None
        done = write(layout, _form(layout, models))
        if done == text:
            return done
        text = done
    raise _lost(name, "its layout does not settle")


def _form(layout: Layout, models: Sequence[type[BaseModel]]) -> Form | None:
    root = layout.root
    if not isinstance(root, Collection) or not root.mapping:
        return None
    names = [getattr(entry.key, "value", "") for entry in root.entries]
    known = {model: sum(name in model.model_fields for name in names) for model in models}
    best = max(models, key=lambda model: known[model])
    return Form(best) if known[best] else None


def _compare(raw: bytes, result: bytes, text: str, done: str, name: str) -> None:
    """Be sure that nothing but the layout has changed.

    Raises:
        InputError: it has.
    """
    if said(text) != said(done):
        raise _lost(name, "it would mean something else")
    if Counter(comments_of(text, name)) != Counter(comments_of(done, name)):
        raise _lost(name, "a comment would be lost")
    file = RulebookFile(Path(name), name)
    first, second = (read_text(part, file).agreement for part in (raw, result))
    if (first and first.hash) != (second and second.hash):
        raise _lost(name, "its rules would mean something else")
    if b"monitor:" in raw and _allowed(raw, file) != _allowed(result, file):
        raise _lost(name, "a comment would allow another lint")


def _allowed(raw: bytes, file: RulebookFile) -> list[tuple[str, str]]:
    report = check_rulebook([], given=[(file, raw)])
    return sorted((one.fault.path, one.fault.code) for one in report.suppressed)


def _lost(name: str, why: str) -> InputError:
    return InputError(
        f"{name}: not formatted: {why}",
        hint="this is a fault of the formatter; the file is as it was",
    )
