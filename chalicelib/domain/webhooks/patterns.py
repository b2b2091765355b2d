"""Which events a webhook is for: names, and patterns with `*` for a part of them."""

import re
from collections.abc import Sequence
from typing import Any, Final

from chalicelib.errors import Invalid

EVERYTHING: Final = "*"
# Told to their person alone.
PERSONAL: Final = "notification:"
_MOST: Final = 100
_PATTERN: Final = re.compile(r"\*|(\*|[a-z0-9_-]{1,60}):(\*|[a-z0-9_-]{1,60})")


def checked(events: Sequence[Any] | None) -> list[str]:
    """The patterns as they are kept; Invalid for what is none. None given: everything."""
    wanted = list(dict.fromkeys(events)) if events is not None else [EVERYTHING]
    if not 0 < len(wanted) <= _MOST:
        raise Invalid("A webhook is for some events.", "events", f"1 to {_MOST} names or patterns")
    for one in wanted:
        if not _PATTERN.fullmatch(one):
            raise Invalid(
                f"{one!r} names no events.", "events", 'names and patterns: "task:new", "task:*", "*:new", "*"'
            )
    return wanted


def matches(patterns: Sequence[str], name: str) -> bool:
    """Whether one of the patterns is for events of that name."""
    subject, _, verb = name.partition(":")
    return any(one in (EVERYTHING, name, f"{subject}:*", f"*:{verb}", "*:*") for one in patterns)
