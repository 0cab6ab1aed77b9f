"""Each type of receiver, with what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag, TypeAdapter, model_validator
from pydantic.json_schema import SkipJsonSchema

from monitor.receiver_settings.base import BaseReceiver, HttpReceiver, TemplateSettings, Worded


class HeartbeatSettings(HttpReceiver):
    """A dead man's switch that `monitor run` tells how it does; it is told no alerts."""

    name: SkipJsonSchema[Literal["heartbeat"]] = "heartbeat"
    timeout: float = Field(
        default=5.0, gt=0, le=60, description="Seconds for each signal; 5 if not given."
    )
    start: bool = Field(
        default=True, description="Whether the beginning of a run is told as well as its end."
    )

    @property
    def owner(self) -> str:
        return "heartbeat"


class ReceiverSettings(HttpReceiver):
    """A webhook: CloudEvents and Standard Webhooks."""

    type: Literal["webhook"] = Field(
        default="webhook", description="A program of yours: signed CloudEvents."
    )
    secret_env: str | None = Field(
        default=None, description="The variable that holds the signing secret, whsec_..."
    )
    secret_file: Path | None = Field(default=None, description="Or the file that holds it.")
    previous_secret_env: str | None = Field(
        default=None,
        description="The variable of the secret before it: while it changes both sign.",
    )
    previous_secret_file: Path | None = Field(
        default=None, description="Or the file that holds the secret before it."
    )
    hub_secret_env: str | None = Field(
        default=None, description="The variable of a key for X-Hub-Signature-256."
    )
    hub_secret_file: Path | None = Field(default=None, description="Or the file that holds it.")
    max_bytes: int = Field(
        default=262_144, ge=16_384, description="The most bytes of a body; 256 KiB if not given."
    )

    at_most = (
        ("secret_env", "secret_file"),
        ("previous_secret_env", "previous_secret_file"),
        ("hub_secret_env", "hub_secret_file"),
    )

    @model_validator(mode="before")
    @classmethod
    def _no_words(cls, value: Any) -> Any:
        words = [
            key for key in ("language", "template") if isinstance(value, dict) and key in value
        ]
        if words:
            raise ValueError(
                f"a webhook has no {words[0]}: its body is a contract for programs; what people"
                " read is its data.message, or a receiver of another type"
            )
        return value

    @property
    def signed(self) -> bool:
        return any((self.secret_env, self.secret_file, self.hub_secret_env, self.hub_secret_file))


class SlackSettings(HttpReceiver, Worded):
    """An incoming webhook of Slack."""

    type: Literal["slack"] = Field(description="An incoming webhook of Slack.")


class TeamsSettings(HttpReceiver, Worded):
    """A workflow of Microsoft Teams that posts what it gets."""

    type: Literal["teams"] = Field(
        description="A workflow of Microsoft Teams that posts what it gets."
    )


class DiscordSettings(HttpReceiver, Worded):
    """A webhook of a Discord channel."""

    type: Literal["discord"] = Field(description="A webhook of a Discord channel.")


class NtfySettings(HttpReceiver, Worded):
    """A topic of an ntfy server; whoever knows its name reads along."""

    type: Literal["ntfy"] = Field(description="A topic of an ntfy server; url is the server.")
    topic: str | None = Field(
        default=None, description="The topic; whoever knows its name reads along."
    )
    topic_env: str | None = Field(default=None, description="Or the variable that holds it.")
    token_env: str | None = Field(
        default=None, description="The variable that holds an access token."
    )
    token_file: Path | None = Field(default=None, description="Or the file that holds it.")

    one_of = (*HttpReceiver.one_of, ("topic", "topic_env"))
    at_most = (("token_env", "token_file"),)


class AlertmanagerSettings(HttpReceiver, Worded):
    """An Alertmanager of Prometheus, version 0.22 or newer; `url` is where its pages begin."""

    type: Literal["alertmanager"] = Field(
        description="An Alertmanager of Prometheus; url is where its pages begin."
    )
    hold: int = Field(
        default=3650,
        ge=1,
        le=36500,
        description="Days ahead at which a condition ends that nothing ends; 3650 if not given.",
    )
    event_hold: int = Field(
        default=24, ge=1, le=8760, description="Hours after which an event ends; 24 if not given."
    )


class EmailSettings(Worded):
    """Mail through an SMTP server."""

    type: Literal["email"] = Field(description="Mail through an SMTP server.")
    host: str = Field(min_length=1, description="The server.")
    port: int | None = Field(
        default=None, ge=1, le=65535, description="Its port; 587, 465 or 25 by tls if not given."
    )
    tls: Literal["starttls", "ssl", "none"] = Field(
        default="starttls", description="How the line is encrypted; starttls if not given."
    )
    username: str | None = Field(
        default=None, description="Where the server wants to know who sends."
    )
    password_env: str | None = Field(
        default=None, description="The variable that holds the password."
    )
    password_file: Path | None = Field(default=None, description="Or the file that holds it.")
    sender: str = Field(
        alias="from", min_length=3, description="Who sends: desk@example.org, or with a name."
    )
    to: list[str] = Field(min_length=1, description="Who receives, one address or several.")

    at_most = (("password_env", "password_file"),)


class AppriseSettings(Worded):
    """Whatever else Apprise can reach; the address is one of its URLs."""

    type: Literal["apprise"] = Field(description="Whatever else Apprise can reach.")
    url_env: str | None = Field(
        default=None, description="The variable that holds Apprise's address, as a secret."
    )
    url_file: Path | None = Field(default=None, description="Or the file that holds it.")

    one_of = (("url_env", "url_file"),)


TYPES: Mapping[str, type[BaseReceiver]] = {
    "webhook": ReceiverSettings,
    "slack": SlackSettings,
    "teams": TeamsSettings,
    "discord": DiscordSettings,
    "ntfy": NtfySettings,
    "alertmanager": AlertmanagerSettings,
    "email": EmailSettings,
    "apprise": AppriseSettings,
}
"""The settings by type."""


def _type_of(value: Any) -> str:
    """The type of a receiver, of which `webhook` need not be written."""
    found = value.get("type", "webhook") if isinstance(value, dict) else value.type
    return found if isinstance(found, str) else "?"


AnyReceiver = Annotated[
    Annotated[ReceiverSettings, Tag("webhook")]
    | Annotated[SlackSettings, Tag("slack")]
    | Annotated[TeamsSettings, Tag("teams")]
    | Annotated[DiscordSettings, Tag("discord")]
    | Annotated[NtfySettings, Tag("ntfy")]
    | Annotated[AlertmanagerSettings, Tag("alertmanager")]
    | Annotated[EmailSettings, Tag("email")]
    | Annotated[AppriseSettings, Tag("apprise")],
    Discriminator(
        _type_of,
        custom_error_type="receiver_type",
        custom_error_message=f"type is none of {', '.join(TYPES)}",
    ),
]


def receivers_of(value: object) -> list[BaseReceiver]:
    """What is written under `receivers`.

    Raises:
        ValidationError: it has another form; places are counted from the list.
    """
    return list(TypeAdapter(list[AnyReceiver]).validate_python(value))


def place_and_model(where: tuple[int | str, ...]) -> tuple[tuple[int | str, ...], type[BaseModel]]:
    """Where a fault of a receiver stands in the file, and the model whose keys are known there.

    pydantic puts the type between the number of the receiver and its keys.
    """
    if len(where) < 3:
        return where, ReceiverSettings
    model: type[BaseModel] = TYPES.get(str(where[2]), ReceiverSettings)
    if len(where) > 4 and where[3] == "template":
        model = TemplateSettings
    return (*where[:2], *where[3:]), model


def relative_to(receiver: BaseReceiver, folder: Path) -> BaseReceiver:
    """The receiver with its files seen from a folder."""
    changes: dict[str, Any] = {
        name: folder / value
        for name in type(receiver).model_fields
        if isinstance(value := getattr(receiver, name), Path)
    }
    template = receiver.template if isinstance(receiver, Worded) else None
    if template is not None and template.file is not None:
        file = folder / template.file
        changes["template"] = template.model_copy(update={"file": file})
    return receiver.model_copy(update=changes)
