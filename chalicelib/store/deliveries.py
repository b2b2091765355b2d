"""Effects outside the table, once an event: streams deliver at least once, and a letter cannot be taken back."""

import secrets

from chalicelib.store import bulk_deletion, keys, reads
from chalicelib.store.changes import Changes, write


def claim(effect: str, event_id: str) -> bool:
    """Whether this is the first time that an effect of an event is due; from then on it counts as done.

    A claim is kept for a day, as long as a stream repeats itself (one read, one transaction). Who dies between the
    claim and the effect has not done it: better a letter too few than one too many.
    """
    key = keys.delivery(effect, event_id)

    def command(changes: Changes) -> bool:
        if reads.claimant(key) is not None:
            return False
        changes.claim(key, secrets.token_hex(8), None)
        return True

    return write(command)


def release(effect: str, event_id: str) -> None:
    """Gives a claim back: the effect is not done, and is tried again."""
    bulk_deletion.delete([keys.delivery(effect, event_id)])
