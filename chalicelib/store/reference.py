"""Studio-wide reference data: held in the container, revalidated by one stamp a request.

Each write of a reference kind moves the stamp in its transaction. A request reads the stamp once, together with what
tells who is asking; a kind that was brought up to date under that stamp needs no further read.
"""

from collections.abc import Mapping
from functools import lru_cache

from chalicelib.errors import NotFound
from chalicelib.records import names
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import keys, months, partitions, reads, rehearsal, session, wire

_valid_at: dict[str, int] = {}


def note_stamp(row: wire.Row | None) -> None:
    """Takes the stamp from its item, where a request read it along with something else."""
    session.current().stamp = int(row.v.N) if row else 0


def _stamp() -> int:
    here = session.current()
    if here.stamp is None:
        note_stamp(reads.item(*keys.STAMP_KEY))
    return here.stamp or 0


def look_again() -> None:
    """Lets this request learn of what others wrote since it began."""
    session.current().stamp = None


def every(kind: Kind) -> Mapping[str, Record]:
    """All records of a reference kind, by id."""
    stamp = _stamp()
    held = partitions.unrefreshed(kind, STUDIO)
    # A partition that this container let go of, to hold others, begins anew.
    if _valid_at.get(kind.table) != stamp or not held.serial:
        # The stamp moves with what landed, however late: this is the only look at it.
        held.refresh(look_back=True)
        _valid_at[kind.table] = stamp
    rehearsed = rehearsal.current()
    return held.records if rehearsed is None else rehearsed.over(kind, STUDIO, held.records)


def serial(kind: Kind) -> int:
    """Moves whenever a record of the kind does: a part of the key of what is derived from them."""
    every(kind)
    rehearsed = rehearsal.current()
    told = rehearsed.serial(kind, STUDIO) if rehearsed is not None else None
    return partitions.unrefreshed(kind, STUDIO).serial if told is None else told


def find(kind: Kind, record_id: str | None) -> Record | None:
    """The record of a reference kind with this id, or None."""
    return every(kind).get(record_id.lower()) if record_id else None


def get(kind: Kind, record_id: str) -> Record:
    """The record of a reference kind with this id; NotFound for an unknown or malformed one."""
    found = find(kind, record_id)
    if found is None:
        raise NotFound(f"There is no {kind.name} with the id {record_id!r}.", {"id": record_id})
    return found


def named(kind: Kind, name: str) -> Record | None:
    """The record of that very name, or None; in which way its characters were typed does not count."""
    wanted = names.normal(name)
    return next((record for record in every(kind).values() if names.normal(record["name"]) == wanted), None)


def homes() -> frozenset[str]:
    """The homes that the productions and persons of this studio are."""
    return _homes(serial(PROJECT), serial(PERSON))


@lru_cache(maxsize=1)
def _homes(*serials: int) -> frozenset[str]:
    """Made once, and again when a production or a person comes or goes, which moves a serial."""
    del serials
    return frozenset(keys.home_of_owner(one) for kind in (PROJECT, PERSON) for one in every(kind))


def production_homes() -> Mapping[str, str]:
    """The homes that the productions are, with the id of each."""
    return _production_homes(serial(PROJECT))


@lru_cache(maxsize=1)
def _production_homes(*serials: int) -> Mapping[str, str]:
    del serials
    return {keys.home_of_owner(one): one for one in every(PROJECT)}


def left() -> frozenset[str]:
    """The homes of productions from which something has moved to another one: ids that tell them may lead elsewhere."""
    return _left(serial(PROJECT))


@lru_cache(maxsize=1)
def _left(*serials: int) -> frozenset[str]:
    del serials
    return frozenset(keys.home_of_owner(one.id) for one in every(PROJECT).values() if one.get("is_left"))


def forget() -> None:
    """Drops what is held; tests that change tables call it."""
    _valid_at.clear()
    _homes.cache_clear()
    _production_homes.cache_clear()
    _left.cache_clear()
    partitions.forget()
    months.forget()
