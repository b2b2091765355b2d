"""Which counters sum up records of a kind, and how they are counted anew before some of these go.

Counting comes first, the records go afterwards: cut off between the two, it is done again, for the records are still
there to tell whose counters they are in.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Final

from chalicelib.domain.counters import castings, chats, durations, main_previews, progress
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.fields import Kind
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import CHAT_MESSAGE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TIME_SPENT

# By the kind that is counted (`Counter.of`). Called with the records that are about to go, and the ids of all else that
# goes with them: what is gone itself needs no counting.
WITHOUT: Final[Mapping[Kind, Callable[[Sequence[Record], Set[str]], None]]] = {
    CHAT_MESSAGE: chats.without,
    COMMENT: progress.without,
    ENTITY_LINK: castings.without,
    PREVIEW_FILE: main_previews.without,
    TIME_SPENT: durations.without,
}


def without(kind: Kind, records: Sequence[Record], gone: Set[str]) -> None:
    """Counts anew what these records of a kind are counted in, without them."""
    if records and kind in WITHOUT:
        WITHOUT[kind](records, gone)
