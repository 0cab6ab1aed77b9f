"""How a value is read besides the plain form: short forms, one item for a list, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from monitor.language.faults import did_you_mean, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

T = TypeVar("T")


def refusal(
    code: str, message: str, hint: str | None = None, at: tuple[str | int, ...] = ()
) -> PydanticCustomError:
    """A fault in the making. `at` leads from the value being read to the one that is wrong.

    A leading ".." in `at` means: beside the value rather than inside of it.
    """
    context = {"message": message, "hint": hint, "at": at}
    return PydanticCustomError(code, "{message}", context)


def short_words(
    meanings: Mapping[str, dict[str, Any]], code: str, message: str, hint: str
) -> Callable[[Any], Any]:
    """Read words that stand for a mapping each, and refuse every other word.

    `message` names the word at its {}; `hint` is said where no known word is near it.
    """

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value not in meanings:
            near = did_you_mean(value, meanings) or hint
            raise refusal(code, message.format(shorten(value)), near)
        return meanings[value]

    return read


def plain_type(value: Any) -> str:
    """What a value is, in the words of YAML."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "text" if isinstance(value, str) else "a number"


@dataclass(frozen=True, slots=True, eq=False)
class Short:
    """Tells an editor that a short form is allowed as well."""

    form: tuple[tuple[str, Any], ...]

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [dict(self.form), handler(core)]}


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """Tells an editor that one item may stand without a list around it."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        many = handler(core)
        return {"anyOf": [many["items"], many]}


def listed(value: Any) -> Any:
    """Take one name for a list of one."""
    return (value,) if isinstance(value, str) else value


Many = Annotated[
    tuple[T, ...], Field(min_length=1, max_length=1_000), BeforeValidator(listed), OneOrMany()
]
"""One item, or a list of them."""
