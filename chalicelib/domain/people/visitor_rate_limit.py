"""How often one visitor may fail: guesses at passwords, at who has an account (docs/contract/people.md section 3).

The lockout of an account (lockout.py) does not stop somebody who tries one password on each account. So failures are
counted by address as well, for ten minutes; what succeeds counts for nothing. The limits leave room for a studio whose
people all come from one address.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final, Literal

from chalicelib.errors import TooManyRequests
from chalicelib.store import throttle

Sort = Literal["login", "reset", "registration"]
WINDOW_SECONDS: Final = 600
MOST_FAILURES: Final[Mapping[Sort, int]] = {"login": 300, "reset": 60, "registration": 60}
# Whoever has one address of IPv6 has all of its network.
_NETWORK_BITS: Final = 64


def refuse_beyond(sort: Sort, address: str, **more: Any) -> None:
    """Raises TooManyRequests for a visitor who failed too often; `more` goes into the answer (one read)."""
    if throttle.counted(_name(sort, address), WINDOW_SECONDS) >= MOST_FAILURES[sort]:
        raise TooManyRequests("That failed too often from your address; wait ten minutes.", **more)


def count_failure(sort: Sort, address: str) -> None:
    """Counts a failure of a visitor (one atomic update)."""
    throttle.count(_name(sort, address), WINDOW_SECONDS)


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
