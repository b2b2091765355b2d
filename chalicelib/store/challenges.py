"""What somebody is asked to answer: kept for a while under a key, replaced by the next one, taken once."""

from collections.abc import Callable

from chalicelib.records import clock
from chalicelib.store import reads
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry

Key = tuple[str, str]


def keep(key: Key, challenge: str, seconds: int) -> None:
    """Keeps a challenge for so many seconds; what was kept under that key is void (one transaction)."""
    expiry = clock.epoch(clock.now()) + seconds
    write(lambda changes: changes.put(Entry(*key, at=challenge, ttl=expiry)))


def find(key: Key) -> str | None:
    """The challenge that is under way, or None (one read)."""
    row = reads.item(*key)
    if row is None or row.at is None or row.ttl is None:
        return None
    # The table removes what is over within days, not at once.
    return row.at.S if clock.epoch(clock.now()) < int(row.ttl.N) else None


def take(key: Key, fits: Callable[[str], bool] = lambda _: True) -> str | None:
    """The challenge that is under way, which then is none any more; None without one, or where it does not fit.

    Of several that take it at once, one gets it (one read, one transaction).
    """

    def command(changes: Changes) -> str | None:
        challenge = find(key)
        if challenge is None or not fits(challenge):
            return None
        changes.remove(key, challenge)
        return challenge

    return write(command)
