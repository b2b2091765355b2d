"""A span of time that a query asks for: `after` and `before`, neither included."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.errors import Invalid
from chalicelib.records import clock

_FIRST: Final = "0000"
_LAST: Final = "9999"


@dataclass(frozen=True)
class TimeRange:
    """Strictly between two moments; to the second, as clients were shown them."""

    after: str = _FIRST
    before: str = _LAST

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "TimeRange":
        """Reads `after` and `before`, a day or a moment each; Invalid where one is neither."""
        return cls(_moment(query, "after", _FIRST), _moment(query, "before", _LAST))

    @property
    def condition(self) -> tuple[str, str, str]:
        """Where an index by moments holds what may be in it; `holds` says the rest."""
        return "..", self.after, self.before

    def holds(self, moment: str) -> bool:
        """Whether a kept moment is in it."""
        return self.after < clock.shown(moment) < self.before


def _moment(query: Mapping[str, str], name: str, default: str) -> str:
    text = query.get(name, "").strip()
    if not text:
        return default
    try:
        return clock.shown(clock.parse(text))
    except ValueError:
        raise Invalid(f"{name} is no moment.", name, "YYYY-MM-DDTHH:MM:SS or YYYY-MM-DD") from None
