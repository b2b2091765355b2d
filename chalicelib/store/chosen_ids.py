"""Ids that a client chooses: free where nothing has them, and where they tell no home but the one they go to.

An id of ours tells where its record lives (`store.keys`). One that told the home of another production, of a person or
of the studio would have what stands beside its record written there; one that is taken would hide what has it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from chalicelib.errors import Invalid
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import homes, keys, reads, reference
from chalicelib.store.changes import Changes

# Kinds whose records are homes themselves.
_HOMES: Final = (PROJECT, PERSON)
_EXPECTED: Final = "an id that nothing has, or none"


def holder(changes: Changes, kind: Kind, home: str, record_id: str) -> Record | None:
    """The record of the kind in that home that has an id; None where nothing has it, and a new record may.

    Raises Invalid where anything else has it, or it tells another home. Part of the command that creates the record: it
    is looked at again where somebody else was first. Reads one item, and one of each kind.
    """
    here = keys.partition(home, kind), record_id
    rows = reads.items([here, *_places(home, record_id)])
    there = {place for place, row in rows.items() if row.doc is not None}
    if here in there:
        return reads.record_if_there(kind, rows[here])
    if there:
        raise taken(record_id)
    if kind in _HOMES:
        _refuse_home(changes, kind, record_id)
    elif kind.home.named:
        told = keys.home_told_by(record_id)
        if told != home and homes.is_here(told):
            raise _refusal(record_id, "tells that its record is elsewhere")
    return None


def taken(record_id: str) -> Invalid:
    """The refusal of an id that something has."""
    return _refusal(record_id, "is taken")


def _places(home: str, record_id: str) -> Iterator[tuple[str, str]]:
    """The keys of all that may have an id: a record of any kind, here, in the studio, or where its pointer leads."""
    led = reads.claimant(keys.pointer(record_id))
    for kind in KINDS.values():
        for one in dict.fromkeys((STUDIO, home, led) if kind.home.named else (STUDIO,)):
            if one:
                yield from ((pk, record_id) for pk in keys.partitions_with(one, kind, record_id))


def _refuse_home(changes: Changes, kind: Kind, record_id: str) -> None:
    """A new home must be none that is here already, nor one that ids of other homes tell."""
    # Of two that would be the same home, the second sees the first.
    changes.take_turn(keys.claim(STUDIO, kind, "homes"))
    reference.look_again()
    own = keys.home_of_owner(record_id)
    prefix = keys.id_prefix(own)
    pointing = reads.pages(keys.pointer(prefix)[0], condition=("^", prefix), limit=1)
    if own == keys.STUDIO_PREFIX or homes.is_here(own) or any(islice(pointing, 1)):
        raise _refusal(record_id, "begins as the ids of another home do")


def _refusal(record_id: str, why: str) -> Invalid:
    return Invalid(f"The id {record_id} {why}.", "id", _EXPECTED)
