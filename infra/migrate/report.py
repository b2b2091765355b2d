"""The table at the end: how much there is on both sides, and what differs."""

from collections.abc import Iterator, Mapping
from typing import Final

from infra.migrate.target import Tally

_MOST_LINES: Final = 20


def report(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The lines of the table, kinds of which there is something alone, then the first differences."""
    yield f"{'':<28}{'there':>10}{'here':>10}{'written':>10}{'differ':>10}"
    for table, tally in tallies.items():
        if tally.there or tally.here:
            yield f"{table:<28}{tally.there:>10,}{tally.here:>10,}{tally.written:>10,}{len(tally.differs):>10,}"
    differences = [line for tally in tallies.values() for line in tally.differs]
    yield ""
    yield from differences[:_MOST_LINES] or ["Nothing differs."]
    if len(differences) > _MOST_LINES:
        yield f"... and {len(differences) - _MOST_LINES:,} more."


def differ(tallies: Mapping[str, Tally]) -> bool:
    """Whether anything does."""
    return any(tally.differs for tally in tallies.values())
