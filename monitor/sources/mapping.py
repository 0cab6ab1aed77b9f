"""Other people's column names: which field of an update is filled from what.

One rule in both places, `monitor.yaml` and the command line. A field is filled

    topics: subject               from the column `subject`        --map topics=subject
    kind: =statement              with a constant (leading `=`)    --map kind==statement
    kind:                         from a column, its values translated (configuration only)
      column: typ
      values: {Treffen: meeting, Gesetz: legislation}

A value that `values` does not list passes unchanged. A mapped field is read from its column only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from monitor.errors import ConfigError, UsageError

FIELDS = (
    "id",
    "occurred_at",
    "recorded_at",
    "kind",
    "title",
    "topics",
    "parties",
    "source",
    "url",
    "text",
    "agreement",
    "commitment",
    "milestone",
    "indicator",
    "value",
    "unit",
    "supersedes",
    "retracts",
    "moves_to",
)
"""The columns of a record that need no mapping."""

_KEYS = ("column", "constant", "values")


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Fields and what fills them: column names, constants, translations. Hashable.

    Each is a tuple of (field, ...) pairs; a field has a column or a constant, never both.
    """

    columns: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()

    def column(self, field: str) -> str:
        """Where `field` stands in the file."""
        return dict(self.columns).get(field, field)


IDENTITY = FieldMap()
"""Every column already has the name of its field."""


def field_map(spec: Mapping[str, object]) -> FieldMap:
    """Build the map from its configuration form.

    Raises:
        ConfigError: an unknown field, or a value that is no column, constant or translation; all
            faults in one message.
    """
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    values: dict[str, tuple[tuple[str, str], ...]] = {}
    faults: list[str] = []
    for field, filler in spec.items():
        try:
            _check_field(field)
            column, constant, translation = _filler(field, filler)
        except ValueError as fault:
            faults.append(str(fault))
            continue
        if constant is not None:
            constants[field] = constant
        elif column != field:
            columns[field] = column
        if translation:
            values[field] = translation
    if faults:
        raise ConfigError("mapping: " + "; ".join(faults), hint="fields are " + ", ".join(FIELDS))
    return FieldMap(tuple(columns.items()), tuple(constants.items()), tuple(values.items()))


def map_options(options: Iterable[str]) -> FieldMap:
    """Build the map from `--map FIELD=COLUMN` and `--map FIELD==CONSTANT`.

    Raises:
        UsageError: not of that form, an unknown field, or a field given twice.
    """
    spec: dict[str, object] = {}
    for option in options:
        field, sign, filler = option.partition("=")
        field = field.strip()
        if not sign or not field:
            raise UsageError(
                f"--map {option}: not of the form FIELD=COLUMN",
                hint="--map topics=subject reads topics from the column subject, "
                "--map kind==statement makes every record a statement",
            )
        if field in spec:
            raise UsageError(f"--map {option}: {field} is mapped twice")
        spec[field] = filler
    try:
        return field_map(spec)
    except ConfigError as error:
        raise UsageError(
            f"--map: {error.message.removeprefix('mapping: ')}", hint=error.hint
        ) from None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be."""
    near = get_close_matches(word[:100].lower(), list(known), n=1, cutoff=0.6)
    return near[0] if near else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """`, did you mean 'topics'?`, or nothing where nothing is near."""
    near = nearest(word, known)
    return f", did you mean {near!r}?" if near else ""


def _check_field(field: object) -> None:
    if field not in FIELDS:
        raise ValueError(f"unknown field {field!r}{suggestion(str(field), FIELDS)}")


def _filler(field: str, filler: object) -> tuple[str, str | None, tuple[tuple[str, str], ...]]:
    """(column, constant, translation) of one entry."""
    if isinstance(filler, str):
        filler = {"constant": filler[1:]} if filler.startswith("=") else {"column": filler}
    if not isinstance(filler, Mapping):
        raise ValueError(  # noqa: TRY004 - every fault of a mapping is collected as a ValueError
            f"{field} must name a column, or hold column, constant or values"
        )
    for key in filler:
        if key not in _KEYS:
            raise ValueError(f"{field}: unknown key {key!r}{suggestion(str(key), _KEYS)}")
    column, constant = filler.get("column", field), filler.get("constant")
    for what, text in (("column", column), ("constant", "-" if constant is None else constant)):
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{field}: its {what} must be a text that is not empty")
    if constant is not None and len(filler) > 1:
        raise ValueError(f"{field}: a constant needs neither column nor values")
    translation = filler.get("values", {})
    if not isinstance(translation, Mapping) or not all(
        isinstance(part, str) for pair in translation.items() for part in pair
    ):
        raise ValueError(f"{field}: values must translate texts into texts")
    return str(column), constant, tuple(translation.items())
