"""The table at the end: how much there is on both sides, and what differs."""

from collections.abc import Iterator, Mapping
from typing import Final

from infra.migrate.target import Tally

_MOST_LINES: Final = 20


def report(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The lines of the table, kinds of which there is something alone, then the first differences."""
    yield f"{'':<28}{'there':>10}{'here':>10}{'written':>10}{'differ':>10}"
    for table, tally in tallies.items():
        if tally.there or tally.here or tally.missing:
            there = "-" if tally.missing and not tally.there else f"{tally.there:,}"
            yield f"{table:<28}{there:>10}{tally.here:>10,}{tally.written:>10,}{len(tally.differs):>10,}"
    missing = [f"{table}: the other server has no {path}" for table, one in tallies.items() for path in one.missing]
    differences = [line for tally in tallies.values() for line in tally.differs]
    yield ""
    yield from missing
    yield from differences[:_MOST_LINES] or ["Nothing differs."]
    if len(differences) > _MOST_LINES:
        yield f"... and {len(differences) - _MOST_LINES:,} more."


def differ(tallies: Mapping[str, Tally]) -> bool:
    """Whether anything does, or could not be asked for."""
    return any(tally.differs or tally.missing for tally in tallies.values())
