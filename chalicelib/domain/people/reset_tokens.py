"""Tokens by which somebody chooses a password: mailed, kept as a hash on the person, good once, for a while."""

import hashlib
import hmac
import secrets
import string
from typing import Final

from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

LENGTH: Final = 64
RESET_HOURS: Final = 2
INVITATION_DAYS: Final = 7
_ALPHABET: Final = string.ascii_uppercase + string.digits


def issue(person_id: str, hours: float) -> str:
    """A new token for a person; it replaces an older one."""
    token = "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))

    def command(changes: Changes) -> None:
        kept = {"hash": _hash(token), "until": clock.shift(clock.now(), hours=hours)}
        changes.update(changes.read(PERSON, person_id), reset_token=kept)

    write(command)
    return token


def is_good(person: Record, token: str) -> bool:
    """Whether this is the person's token, and still in time."""
    kept = person.get("reset_token")
    if not kept:
        return False
    return hmac.compare_digest(kept["hash"], _hash(token)) and clock.now() < kept["until"]


def _hash(token: str) -> str:
    # A token is random enough not to be guessed from a quick hash.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
