"""Signatures of messages as Standard Webhooks has them (https://www.standardwebhooks.com)."""

import base64
import hmac
import secrets
from typing import Final

from chalicelib.records import clock
from chalicelib.records.record import Record

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A secret that nobody can guess: `whsec_` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(webhook: Record, message_id: str, body: bytes) -> dict[str, str]:
    """The headers of one attempt: id, moment, signatures.

    While a former secret is still good, there is a signature with each.
    """
    moment = str(int(clock.seconds()))
    signatures = [f"v1,{_signature(secret, message_id, moment, body)}" for secret in _in_force(webhook)]
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": " ".join(signatures)}


def _in_force(webhook: Record) -> list[str]:
    is_good = webhook["former_secret"] and clock.now() < (webhook["former_secret_until"] or "")
    return [webhook["secret"], *([webhook["former_secret"]] if is_good else [])]


def _signature(secret: str, message_id: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{moment}.".encode() + body
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
