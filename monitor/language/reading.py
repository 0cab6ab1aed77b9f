"""One rulebook file: bytes -> agreement and faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitor.language.allowed import allowances
from monitor.language.build import Builder
from monitor.language.commitments import CommitmentModel
from monitor.language.context import gather
from monitor.language.document import parse_document
from monitor.language.faults import Fault, did_you_mean, shorten
from monitor.language.files import is_there
from monitor.language.inherit import STANDARD
from monitor.language.models import HeaderModel
from monitor.language.parts import part_ids
from monitor.language.profiles import BUILT_IN
from monitor.language.references import references
from monitor.language.structure import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.domain.commitment import Agreement
    from monitor.domain.location import Location
    from monitor.language.allowed import Allowed
    from monitor.language.document import Document
    from monitor.language.faults import Path as FaultPath
    from monitor.language.files import RulebookFile
    from monitor.language.references import Reference, Selection

UNIQUE = ("rules", "milestones", "indicators")


@dataclass(slots=True)
class Reading:
    """What was found in a file. `agreement` is None where it has faults.

    `id` and `commitments` are the ids as written, known also where other things are wrong; `place`
    is where `id` stands; `themes` are ids by theme.
    """

    file: RulebookFile
    faults: list[Fault] = field(default_factory=list)
    document: Document | None = None
    header: HeaderModel | None = None
    agreement: Agreement | None = None
    id: str | None = None
    commitments: tuple[str, ...] = ()
    place: Location | None = None
    references: list[Reference] = field(default_factory=list)
    allowed: tuple[Allowed, ...] = ()
    selections: list[Selection] = field(default_factory=list)
    themes: dict[str, list[str]] = field(default_factory=dict)


def read_text(raw: bytes, file: RulebookFile, *, digest: bool = True) -> Reading:
    """Validate and build one file; without `digest` the agreement has no hash."""
    document, faults = parse_document(raw, file.name)
    reading = Reading(file, faults, document)
    if document is None:
        return reading
    reading.allowed = allowances(raw, file.name)
    data = document.data
    if not isinstance(data, dict):
        message = "a rulebook is a mapping that begins with `agreement:`"
        _add(reading, (), message, "not-a-rulebook", None)
        return reading
    if "tests" in data and "agreement" not in data:
        message = "this is a file of rule tests, not a rulebook"
        _add(reading, ("tests",), message, "not-a-rulebook", "name it *.test.yaml", key=True)
        return reading
    _read_agreement(reading, document, data, digest=digest)
    return reading


def _read_agreement(
    reading: Reading, document: Document, data: Mapping[str, Any], *, digest: bool
) -> None:
    context = gather(data, BUILT_IN)
    faults = reading.faults
    raw_header = {key: value for key, value in data.items() if key != "commitments"}
    header = validate(HeaderModel, raw_header, context, document, (), faults)
    reading.header = header
    if isinstance(data.get("agreement"), str):
        reading.id, reading.place = data["agreement"], document.locate(("agreement",))
    _check_header(reading, data)
    commitments = data.get("commitments")
    if not isinstance(commitments, list) or not commitments:
        _no_commitments(reading, data)
        commitments = []
    broken = {path[:2] if path[0] == "commitments" else () for path in document.nulls}
    builder = Builder(header, document, faults) if header and () not in broken else None
    built = []
    for index, raw in enumerate(commitments):
        context.enter(raw)
        path = ("commitments", index)
        model = validate(CommitmentModel, raw, context, document, path, faults)
        if isinstance(raw, dict):
            for key in UNIQUE:
                if key in raw:
                    _check_unique(reading, raw[key], (*path, key), key[:-1])
        if model and builder and path not in broken:
            built.append(builder.commitment(index, model))
    _check_unique(reading, commitments, ("commitments",), "commitment")
    ids = (raw.get("id") for raw in commitments if isinstance(raw, dict))
    reading.commitments = tuple(id_ for id_ in ids if isinstance(id_, str))
    reading.commitments += tuple(_parts(commitments, data.get("parties")))
    defaults = data.get("defaults")
    profile = defaults.get("profile", STANDARD) if isinstance(defaults, dict) else STANDARD
    reading.references, reading.selections = references(document, profile)
    reading.themes = _themes(commitments)
    if builder and not faults:
        reading.agreement = builder.agreement(built, digest=digest)


def _parts(commitments: list[Any], parties: Any) -> Iterator[str]:
    """Ids of what each party has to keep by itself, as far as they can be known."""
    for raw in commitments:
        if isinstance(raw, dict) and raw.get("per_party") and isinstance(raw.get("id"), str):
            own = raw.get("parties", parties)
            words = [own] if isinstance(own, str) else own
            names = [w.strip().upper() for w in words or () if isinstance(w, str)]
            yield from part_ids(raw["id"], names).values()


def _themes(commitments: list[Any]) -> dict[str, list[str]]:
    """Ids by theme, as written; of those that can be rated."""
    found: dict[str, list[str]] = {}
    for raw in commitments:
        if isinstance(raw, dict) and isinstance(raw.get("id"), str):
            theme = raw.get("theme")
            if isinstance(theme, str) and raw.get("rated", True) is not False:
                found.setdefault(" ".join(theme.split()), []).append(raw["id"])
    return found


def _add(
    reading: Reading,
    path: FaultPath,
    message: str,
    code: str,
    hint: str | None,
    *,
    key: bool = False,
) -> None:
    assert reading.document is not None  # noqa: S101 - called with one
    reading.faults.append(reading.document.fault(path, message, code, hint, key=key))


def _no_commitments(reading: Reading, data: Mapping[str, Any]) -> None:
    if "commitments" not in data:
        near = next((key for key in data if did_you_mean(key, ("commitments",))), None)
        if near is None:
            hint = "list them under commitments:"
            _add(reading, (), "a rulebook needs `commitments`", "missing-key", hint)
    elif data["commitments"] is not None:
        message = "commitments is a list with at least one item"
        _add(reading, ("commitments",), message, "not-a-list", "begin each with `- id:`")


def _check_header(reading: Reading, data: Mapping[str, Any]) -> None:
    profiles = data.get("profiles")
    for name, profile in profiles.items() if isinstance(profiles, dict) else ():
        if name in BUILT_IN:
            message = f"'{name}' is a built-in profile"
            _add(
                reading,
                ("profiles", name),
                message,
                "duplicate-id",
                "choose another name",
                key=True,
            )
        if isinstance(profile, dict):
            _check_unique(reading, profile.get("rules"), ("profiles", name, "rules"), "rule")
    source = data.get("source")
    if isinstance(source, str) and source.strip() and not is_there(reading.file, source):
        message = f"the source document '{shorten(source, 80)}' is not there"
        hint = "give its path relative to this file"
        if "://" in source:
            hint = "keep a copy beside the rulebook and give its path"
        _add(reading, ("source",), message, "missing-source", hint)


def _check_unique(reading: Reading, items: Any, path: FaultPath, noun: str) -> None:
    """Ids in one list are unique; each repetition is a fault that names the first place."""
    if not isinstance(items, list):
        return
    ids = [item.get("id") if isinstance(item, dict) else None for item in items]
    texts = [id_ for id_ in ids if isinstance(id_, str)]
    if len(set(texts)) == len(texts):
        return
    first: dict[str, int] = {}
    for index, id_ in enumerate(ids):
        if not isinstance(id_, str):
            continue
        if id_ in first:
            assert reading.document is not None  # noqa: S101 - its items have just been read
            line = reading.document.locate((*path, first[id_], "id")).line
            article = "an" if noun[0] in "aeiou" else "a"
            message = f"there already is {article} {noun} '{shorten(id_)}', in line {line}"
            _add(reading, (*path, index, "id"), message, "duplicate-id", "give it another id")
        else:
            first[id_] = index
