"""The generic webhook: CloudEvents in the body, Standard Webhooks in the headers."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from monitor.notify.http import DEFAULT_TIMEOUT
from monitor.notify.payload import CONTENT_TYPE, encode
from monitor.notify.receiver import HttpSender, Parcel, Receiver
from monitor.notify.signature import Signer
from monitor.notify.signature import headers as signed_headers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.guard import Guard

LARGEST = 256 * 1024
"""Octets of a body, where the configuration says nothing else.

So much is taken by the queues that webhooks often end in (Amazon's EventBridge, SQS and SNS:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html). CloudEvents
promises only 64 KiB through every intermediary
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#size-limits).
"""


class WebhookForm:
    """One event per message, signed where there is a secret.

    Args:
        owner: who it is for, in errors: "receiver 'desk'".
        secrets: `whsec_…`, the newest first. During a rotation both sign.
        hub_secret: signs the body alone, for receivers that know only `X-Hub-Signature-256`.
        limit: the most octets of a body.
    """

    def __init__(
        self,
        owner: str,
        secrets: Sequence[str],
        hub_secret: str | None = None,
        limit: int = LARGEST,
    ) -> None:
        self.secrets = (*secrets, *((hub_secret,) if hub_secret else ()))
        self._signer = Signer(*secrets, owner=owner) if secrets else None
        self._hub = None if hub_secret is None else hub_secret.encode()
        self._limit = limit

    def parcel(self, message: Message, now: Instant) -> Parcel:
        body = encode(message, self._limit)
        headers = {
            "content-type": CONTENT_TYPE,
            **signed_headers(message.id, now, body, self._signer),
        }
        if self._hub is not None:
            digest = hmac.new(self._hub, body, hashlib.sha256).hexdigest()
            headers["x-hub-signature-256"] = f"sha256={digest}"
        return Parcel(body, headers)


class WebhookReceiver(Receiver):
    """Sends messages to one URL. For the arguments see `HttpSender` and `WebhookForm`."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        url: str,
        secrets: Sequence[str] | str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        *,
        guard: Guard | None = None,
        hub_secret: str | None = None,
        limit: int = LARGEST,
    ) -> None:
        several = (secrets,) if isinstance(secrets, str) else tuple(secrets or ())
        form = WebhookForm(f"receiver {name!r}", several, hub_secret, limit)
        super().__init__(name, HttpSender(name, url, form, headers, timeout, guard))
