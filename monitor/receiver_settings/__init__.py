"""The `receivers` of monitor.yaml: what each type needs.

A secret is named by an environment variable or by a file, never written there; an address that
holds a token is one.
"""

from monitor.receiver_settings.base import BaseReceiver, HttpReceiver, TemplateSettings, Worded
from monitor.receiver_settings.types import (
    TYPES,
    AlertmanagerSettings,
    AnyReceiver,
    AppriseSettings,
    DiscordSettings,
    EmailSettings,
    HeartbeatSettings,
    NtfySettings,
    ReceiverSettings,
    SlackSettings,
    TeamsSettings,
    place_and_model,
    receivers_of,
    relative_to,
)

__all__ = [
    "TYPES",
    "AlertmanagerSettings",
    "AnyReceiver",
    "AppriseSettings",
    "BaseReceiver",
    "DiscordSettings",
    "EmailSettings",
    "HeartbeatSettings",
    "HttpReceiver",
    "NtfySettings",
    "ReceiverSettings",
    "SlackSettings",
    "TeamsSettings",
    "TemplateSettings",
    "Worded",
    "place_and_model",
    "receivers_of",
    "relative_to",
]
