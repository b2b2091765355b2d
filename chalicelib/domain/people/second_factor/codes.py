"""Codes as people type them in, and as they are kept."""

import hashlib
import hmac
from typing import Any, Final

from chalicelib.domain.people import rate_limit
from chalicelib.errors import Invalid

DIGITS: Final = 6
# Proofs that one person gives in ten minutes besides signing in, where the lockout counts: a stolen token guesses none.
_MOST_GUESSES: Final = 30
# Four megabytes and some ten milliseconds a guess: those who get hold of the table find out no code in time.
COST: Final = {"n": 2**12, "r": 8, "p": 1, "dklen": 32}


def normalized(code: str | int) -> str:
    """A code without the blanks that people put in; a client may send 012345 as the number 12345."""
    return f"{code:0{DIGITS}d}" if isinstance(code, int) else "".join(code.split()).upper()


def hashed(person_id: str, code: str | int) -> str:
    """The hash of a person's code; the same code of two people has two."""
    return hashlib.scrypt(_bytes(normalized(code)), salt=person_id.encode(), **COST).hex()


def equal(one: str, other: str) -> bool:
    """Whether two codes or hashes are the same; takes as long where they differ at the end as at the beginning."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def refuse_many_guesses(person_id: str) -> None:
    """Counts a proof of somebody signed in; raises TooManyRequests where there were too many lately."""
    rate_limit.refuse_beyond(f"proofs#{person_id}", _MOST_GUESSES)


def wrong(**more: Any) -> Invalid:
    """The refusal of a wrong code, in the words that clients know."""
    return Invalid("This code is wrong.", wrong_OTP=True, **more)


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
