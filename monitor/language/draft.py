"""From plain data to an agreement, in steps: header, commitments, values, what others ask of it.

Each fault that is found on the way is one of the file's reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitor.language.build import Builder
from monitor.language.commitments import CommitmentModel
from monitor.language.context import gather
from monitor.language.faults import did_you_mean, shorten
from monitor.language.files import is_there
from monitor.language.inherit import STANDARD
from monitor.language.models import HeaderModel
from monitor.language.parts import part_ids
from monitor.language.profiles import BUILT_IN
from monitor.language.references import references
from monitor.language.structure import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.domain.commitment import Agreement, Commitment
    from monitor.domain.location import Location
    from monitor.language.allowed import Allowed
    from monitor.language.document import Document
    from monitor.language.faults import Fault, Path
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

    def fault(
        self, path: Path, message: str, code: str, hint: str | None = None, *, key: bool = False
    ) -> None:
        """Note what is wrong at `path` of the document that was read."""
        assert self.document is not None  # noqa: S101 - called with one
        self.faults.append(self.document.fault(path, message, code, hint, key=key))


class Draft:
    """One file on its way. The steps are taken in the order in which they stand here."""

    def __init__(self, reading: Reading, document: Document) -> None:
        self.reading, self.document = reading, document
        self.data: Mapping[str, Any] = document.data
        self.context = gather(self.data, BUILT_IN)
        self.header: HeaderModel | None = None
        self.raw: list[Any] = []
        self.models: list[CommitmentModel | None] = []
        self.builder: Builder | None = None
        self.built: list[Commitment] = []

    def read_header(self) -> None:
        reading, data = self.reading, self.data
        raw = {key: value for key, value in data.items() if key != "commitments"}
        faults = reading.faults
        self.header = validate(HeaderModel, raw, self.context, self.document, (), faults)
        reading.header = self.header
        if isinstance(data.get("agreement"), str):
            reading.id, reading.place = data["agreement"], self.document.locate(("agreement",))
        _check_header(reading, data)

    def read_commitments(self) -> None:
        reading, data = self.reading, self.data
        commitments = data.get("commitments")
        if not isinstance(commitments, list) or not commitments:
            _no_commitments(reading, data)
            return
        self.raw = commitments
        context, document, faults = self.context, self.document, reading.faults
        for index, raw in enumerate(commitments):
            context.enter(raw)
            path = ("commitments", index)
            self.models.append(validate(CommitmentModel, raw, context, document, path, faults))
            if isinstance(raw, dict):
                for key in UNIQUE:
                    if key in raw:
                        _check_unique(reading, raw[key], (*path, key), key[:-1])
        _check_unique(reading, commitments, ("commitments",), "commitment")

    def build(self) -> None:
        nulls = self.document.nulls
        broken = {path[:2] if path[0] == "commitments" else () for path in nulls}
        if self.header is None or () in broken:
            return
        self.builder = Builder(self.header, self.document, self.reading.faults)
        for index, model in enumerate(self.models):
            if model is not None and ("commitments", index) not in broken:
                self.built.append(self.builder.commitment(index, model))

    def finish(self, *, digest: bool) -> None:
        """Tell what it asks of others; where nothing is wrong there is an agreement."""
        reading, data = self.reading, self.data
        ids = (raw.get("id") for raw in self.raw if isinstance(raw, dict))
        reading.commitments = tuple(id_ for id_ in ids if isinstance(id_, str))
        reading.commitments += tuple(_parts(self.raw, data.get("parties")))
        defaults = data.get("defaults")
        profile = defaults.get("profile", STANDARD) if isinstance(defaults, dict) else STANDARD
        reading.references, reading.selections = references(self.document, profile)
        reading.themes = _themes(self.raw)
        if self.builder and not reading.faults:
            reading.agreement = self.builder.agreement(self.built, digest=digest)


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


def _no_commitments(reading: Reading, data: Mapping[str, Any]) -> None:
    if "commitments" not in data:
        near = next((key for key in data if did_you_mean(key, ("commitments",))), None)
        if near is None:
            hint = "list them under commitments:"
            reading.fault((), "a rulebook needs `commitments`", "missing-key", hint)
    elif data["commitments"] is not None:
        message = "commitments is a list with at least one item"
        reading.fault(("commitments",), message, "not-a-list", "begin each with `- id:`")


def _check_header(reading: Reading, data: Mapping[str, Any]) -> None:
    profiles = data.get("profiles")
    for name, profile in profiles.items() if isinstance(profiles, dict) else ():
        if name in BUILT_IN:
            message = f"'{name}' is a built-in profile"
            hint = "choose another name"
            reading.fault(("profiles", name), message, "duplicate-id", hint, key=True)
        if isinstance(profile, dict):
            _check_unique(reading, profile.get("rules"), ("profiles", name, "rules"), "rule")
    source = data.get("source")
    if isinstance(source, str) and source.strip() and not is_there(reading.file, source):
        message = f"the source document '{shorten(source, 80)}' is not there"
        hint = "give its path relative to this file"
        if "://" in source:
            hint = "keep a copy beside the rulebook and give its path"
        reading.fault(("source",), message, "missing-source", hint)


def _check_unique(reading: Reading, items: Any, path: Path, noun: str) -> None:
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
            reading.fault((*path, index, "id"), message, "duplicate-id", "give it another id")
        else:
            first[id_] = index
