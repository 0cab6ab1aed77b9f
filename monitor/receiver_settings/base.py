"""What all receivers may say, those that are posted to, and those that people read."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema


class BaseReceiver(BaseModel):
    """What every receiver may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, description="By which routes, silences and commands call it.")
    timeout: float = Field(
        default=10.0, gt=0, le=120, description="Seconds for a whole attempt; 10 if not given."
    )
    allow_private: bool = Field(
        default=False, description="Whether it may be in a private network, or on this machine."
    )
    allow: list[str] = Field(
        default=[], description="Networks that it may be in, such as 10.0.0.0/8."
    )

    one_of: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Keys of which exactly one must be given."""
    at_most: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Keys of which one may be given."""

    @property
    def owner(self) -> str:
        """What errors call it."""
        return f"receiver {self.name!r}"

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Editors are told as well which keys exclude each other."""
        made = handler.resolve_ref_schema(handler(core))
        rules: list[dict[str, Any]] = [
            {"oneOf": [{"required": [key]} for key in keys]} for keys in cls.one_of
        ]
        rules += [
            {"not": {"required": list(pair)}}
            for keys in cls.at_most
            for pair in combinations(keys, 2)
        ]
        return {**made, "allOf": rules} if rules else made

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        for keys in (*self.one_of, *self.at_most):
            given = [key for key in keys if getattr(self, key) is not None]
            if len(given) > 1:
                raise ValueError(f"{' and '.join(given)} exclude each other: keep one of them")
            if not given and keys in self.one_of:
                raise ValueError(f"{_either(keys)} is missing")
        return self


class HttpReceiver(BaseReceiver):
    """What is posted to a URL."""

    url: str | None = Field(default=None, description="Its address: http:// or https://.")
    url_env: str | None = Field(
        default=None, description="Or the variable that holds the address, as a secret."
    )
    url_file: Path | None = Field(
        default=None, description="Or the file that holds the address, as a secret."
    )
    headers: dict[str, str] = Field(default={}, description="Headers that are sent along.")
    headers_env: dict[str, str] = Field(
        default={}, description="The same, of each the variable that holds its value."
    )

    one_of: ClassVar[tuple[tuple[str, ...], ...]] = (("url", "url_env", "url_file"),)


class TemplateSettings(BaseModel):
    """Words of one's own instead of the built-in ones: Jinja2, in a sandbox."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "anyOf": [{"required": [key]} for key in ("title", "body", "file")],
            "not": {"required": ["body", "file"]},
        },
    )

    title: str | None = Field(default=None, min_length=1, description="Makes the title.")
    body: str | None = Field(default=None, min_length=1, description="Makes the text.")
    file: Path | None = Field(default=None, description="Or the file that makes the text.")

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.body is not None and self.file is not None:
            raise ValueError("body and file exclude each other: keep one of them")
        if self.title is None and self.body is None and self.file is None:
            raise ValueError("title, body or file is missing")
        return self


class Worded(BaseReceiver):
    """What people read."""

    language: Literal["en", "ja", "ko"] = Field(
        default="en", description="Of the built-in texts; en if not given."
    )
    template: TemplateSettings | None = Field(
        default=None, description="Words of your own: Jinja2, in a sandbox."
    )


def _either(keys: tuple[str, ...]) -> str:
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} or {keys[-1]}"
