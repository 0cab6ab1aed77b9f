"""The `receivers` of monitor.yaml: what each type needs.

A secret is named by an environment variable or by a file, never written there; an address that
holds a token is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator


class BaseReceiver(BaseModel):
    """What every receiver may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    timeout: float = Field(default=10.0, gt=0, le=120)
    allow_private: bool = False
    allow: list[str] = []

    one_of: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Keys of which exactly one must be given."""
    at_most: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Keys of which one may be given."""

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

    url: str | None = None
    url_env: str | None = None
    url_file: Path | None = None
    headers: dict[str, str] = {}
    headers_env: dict[str, str] = {}

    one_of: ClassVar[tuple[tuple[str, ...], ...]] = (("url", "url_env", "url_file"),)


class ReceiverSettings(HttpReceiver):
    """A webhook: CloudEvents and Standard Webhooks."""

    type: Literal["webhook"] = "webhook"
    secret_env: str | None = None
    secret_file: Path | None = None
    previous_secret_env: str | None = None
    previous_secret_file: Path | None = None
    hub_secret_env: str | None = None
    hub_secret_file: Path | None = None

    at_most = (
        ("secret_env", "secret_file"),
        ("previous_secret_env", "previous_secret_file"),
        ("hub_secret_env", "hub_secret_file"),
    )

    @property
    def signed(self) -> bool:
        return any((self.secret_env, self.secret_file, self.hub_secret_env, self.hub_secret_file))


TYPES: Mapping[str, type[BaseReceiver]] = {
    "webhook": ReceiverSettings,
}
"""The settings by type."""


def _type_of(value: Any) -> str:
    """The type of a receiver, of which `webhook` need not be written."""
    found = value.get("type", "webhook") if isinstance(value, dict) else value.type
    return found if isinstance(found, str) else "?"


AnyReceiver = Annotated[
    Annotated[ReceiverSettings, Tag("webhook")],
    Discriminator(
        _type_of,
        custom_error_type="receiver_type",
        custom_error_message=f"type is none of {', '.join(TYPES)}",
    ),
]


def place_and_model(where: tuple[int | str, ...]) -> tuple[tuple[int | str, ...], type[BaseModel]]:
    """Where a fault of a receiver stands in the file, and the model whose keys are known there.

    pydantic puts the type between the number of the receiver and its keys.
    """
    if len(where) < 3:
        return where, ReceiverSettings
    model: type[BaseModel] = TYPES.get(str(where[2]), ReceiverSettings)
    return (*where[:2], *where[3:]), model


def relative_to(receiver: BaseReceiver, folder: Path) -> BaseReceiver:
    """The receiver with its files seen from a folder."""
    changes: dict[str, Any] = {
        name: folder / value
        for name in type(receiver).model_fields
        if isinstance(value := getattr(receiver, name), Path)
    }
    return receiver.model_copy(update=changes)


def _either(keys: tuple[str, ...]) -> str:
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} or {keys[-1]}"
