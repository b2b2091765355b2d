"""The secrets that sign tokens: the first signs, all of them verify, so that a rotation signs nobody out."""

import logging
import threading
import time
from typing import Final

from chalicelib.errors import Unavailable, VulpesError
from chalicelib.settings import current
from chalicelib.store import json_services

_log = logging.getLogger("vulpes.store")
_FRESH_SECONDS: Final = 300
# Whoever is first waits that long for a parameter store that does not answer.
_READ_SECONDS: Final = 6.0
_lock = threading.Lock()
_known: tuple[float, tuple[str, ...]] = (0.0, ())


class NoSecret(VulpesError):
    """Nothing to sign tokens with is configured (500)."""


def token_secrets() -> tuple[str, ...]:
    """The secrets in force. On AWS they stand in an SSM parameter, one a line, read again every five minutes.

    What cannot be read again stays in force as it was. Raises NoSecret where there is none at all.
    """
    settings = current()
    if settings.token_secrets:
        return settings.token_secrets
    if not settings.token_secrets_parameter:
        raise NoSecret("No secret for tokens is configured: set VULPES_TOKEN_SECRETS_PARAMETER.")
    global _known  # noqa: PLW0603 - one process, one set of secrets
    with _lock:
        if time.monotonic() - _known[0] > _FRESH_SECONDS or not _known[1]:
            _known = (time.monotonic(), _read(settings.token_secrets_parameter) or _known[1])
        if not _known[1]:
            raise NoSecret(f"The parameter {settings.token_secrets_parameter} holds no secret that can be read.")
        return _known[1]


def forget() -> None:
    """Has the secrets read again at their next use; tests call it instead of waiting."""
    global _known  # noqa: PLW0603
    with _lock:
        _known = (time.monotonic() - 2 * _FRESH_SECONDS, _known[1])


def _read(parameter: str) -> tuple[str, ...]:
    wanted = {"Name": parameter, "WithDecryption": True}
    try:
        reply = json_services.call("ssm", "AmazonSSM.GetParameter", wanted, current().ssm_endpoint, _READ_SECONDS)
    except Unavailable:
        _log.exception("The secrets of tokens could not be read.")
        return ()
    return tuple(line.strip() for line in reply["Parameter"]["Value"].splitlines() if line.strip())
