"""The secrets that sign tokens: the first signs, all of them verify, so that a rotation signs nobody out."""

import threading
import time
from typing import Final

from chalicelib.errors import VulpesError
from chalicelib.settings import current

_FRESH_SECONDS: Final = 300
_lock = threading.Lock()
_known: tuple[float, tuple[str, ...]] = (0.0, ())


class NoSecret(VulpesError):
    """Nothing to sign tokens with is configured (500)."""


def token_secrets() -> tuple[str, ...]:
    """The secrets in force. On AWS they stand in an SSM parameter, one a line, read again every five minutes."""
    settings = current()
    if settings.token_secrets:
        return settings.token_secrets
    if not settings.token_secrets_parameter:
        raise NoSecret("No secret for tokens is configured: set VULPES_TOKEN_SECRETS_PARAMETER.")
    global _known  # noqa: PLW0603 - one process, one set of secrets
    with _lock:
        if time.monotonic() - _known[0] > _FRESH_SECONDS or not _known[1]:
            _known = (time.monotonic(), _read(settings.token_secrets_parameter))
        return _known[1]


def _read(parameter: str) -> tuple[str, ...]:
    import boto3

    reply = boto3.client("ssm", region_name=current().region).get_parameter(Name=parameter, WithDecryption=True)
    return tuple(line.strip() for line in reply["Parameter"]["Value"].splitlines() if line.strip())
