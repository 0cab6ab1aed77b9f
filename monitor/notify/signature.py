"""Standard Webhooks: the headers by which a receiver knows who sent an alert, and when.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii

from monitor.domain.time import Instant, to_datetime
from monitor.errors import ConfigError

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, by the specification."""


class Signer:
    """Signs with shared secrets, which no text it produces ever shows.

    Args:
        secrets: each `whsec_` and the base64 of 24 to 64 random bytes. While a secret is being
            changed there are two: the receiver finds the signature of the one it has.
        owner: who the secrets belong to, for the error: "receiver 'desk'".

    Raises:
        ConfigError: a secret has another form.
    """

    __slots__ = ("_webhooks",)

    def __init__(self, *secrets: str, owner: str) -> None:
        # The library is needed only where something is sent, not where the command line starts.
        from standardwebhooks import Webhook  # noqa: PLC0415

        self._webhooks = [Webhook(_key(secret, owner)) for secret in secrets]

    def __repr__(self) -> str:
        return "Signer()"

    def sign(self, message_id: str, now: Instant, body: bytes) -> str:
        """The value of the `webhook-signature` header for an attempt made at `now`."""
        at, text = to_datetime(now, "UTC"), body.decode()
        return " ".join(webhook.sign(message_id, at, text) for webhook in self._webhooks)


def headers(message_id: str, now: Instant, body: bytes, signer: Signer | None) -> dict[str, str]:
    """The Standard Webhooks headers of one attempt; without a signer, all but the signature.

    Args:
        message_id: the alert's id, the same in every retry.
        now: the instant of this attempt, by which a receiver refuses replays.
        body: exactly the bytes to be sent.
        signer: None where the receiver has no secret.
    """
    fields = {"webhook-id": message_id, "webhook-timestamp": str(now)}
    if signer is not None:
        fields["webhook-signature"] = signer.sign(message_id, now, body)
    return fields


def _key(secret: str, owner: str) -> bytes:
    fault = None
    encoded = secret.removeprefix(PREFIX)
    if encoded == secret:
        fault = f"does not begin with {PREFIX}"
    else:
        try:
            # Other senders and receivers accept base64 without its padding; so does this.
            padded = encoded.rstrip("=")
            key = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
        except (binascii.Error, ValueError):
            fault = f"is not base64 after {PREFIX}"
        else:
            if SHORTEST <= len(key) <= LONGEST:
                return key
            fault = f"has {len(key)} bytes instead of {SHORTEST} to {LONGEST}"
    # Without the cause: its text could quote a part of the secret.
    raise ConfigError(
        f"{owner}: the signing secret {fault}",
        hint=f"make one with: echo {PREFIX}$(head -c 32 /dev/urandom | base64)",
    ) from None
