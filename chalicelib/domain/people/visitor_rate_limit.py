"""How often one visitor may fail: guesses at passwords, at who has an account (docs/contract/people.md section 3).

The lockout of an account (lockout.py) does not stop somebody who tries one password on each account. So failures are
counted by address as well, for ten minutes; what succeeds counts for nothing once it has. The limits leave room for a
studio whose people all come from one address.
"""

import contextlib
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from chalicelib.errors import TooManyRequests
from chalicelib.store import throttle

Sort = Literal["login", "reset", "registration", "second factor", "event stream"]
WINDOW_SECONDS: Final = 600
MOST_FAILURES: Final[Mapping[Sort, int]] = {
    "login": 300,
    "reset": 60,
    "registration": 60,
    "second factor": 60,
    "event stream": 300,
}
# Whoever has one address of IPv6 has all of its network.
_NETWORK_BITS: Final = 64


class Attempt:
    """What a visitor tries; it counts for nothing unless it is told that it failed."""

    has_failed = False

    def fail(self) -> None:
        """Lets it count, for as long as the window is."""
        self.has_failed = True


@contextlib.contextmanager
def counted(sort: Sort, address: str, **more: Any) -> Iterator[Attempt]:
    """Counts what a visitor tries before anything looks at it, and takes that back afterwards where it did not fail.

    So of a crowd of guesses no more are looked at than one after the other. Raises TooManyRequests for a visitor who
    failed too often; `more` goes into the answer (two writes, one where it failed or is refused).
    """
    place = throttle.take(_name(sort, address), WINDOW_SECONDS, MOST_FAILURES[sort])
    if place is None:
        raise TooManyRequests("That failed too often from your address; wait ten minutes.", **more)
    attempt = Attempt()
    try:
        yield attempt
    finally:
        if not attempt.has_failed:
            throttle.give_back(place)


def count(sort: Sort, address: str) -> None:
    """Counts something a visitor does, as long as the window is; TooManyRequests where it is too much (one write)."""
    if throttle.take(_name(sort, address), WINDOW_SECONDS, MOST_FAILURES[sort]) is None:
        raise TooManyRequests("That was too often from your address; wait ten minutes.")


def _name(sort: Sort, address: str) -> str:
    return f"{sort}#{_network(address)}"


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, _NETWORK_BITS), strict=False))
