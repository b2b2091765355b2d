"""Where records live: told by what they hold, by their ids, or by a pointer (docs/adr/0001-one-table.md)."""

from collections.abc import Iterable

from chalicelib.records.fields import STUDIO, Kind, Values
from chalicelib.store import keys, reads, reference


def of(kind: Kind, values: Values) -> str:
    """The home of a record with these values: its owner, or that of the record it stands beside."""
    for name in kind.home.owners:
        if values.get(name):
            return keys.home_of_owner(values[name])
    for name in kind.home.beside:
        if values.get(name):
            return of_id(values[name]) or STUDIO
    return STUDIO


def of_id(record_id: str) -> str | None:
    """The home of the record with this id: told by the id, else by its pointer (one read).

    An id that was given in another studio and imported tells a home that there is not here: it has a pointer, too. So
    has what has left the home that its id tells.
    """
    told = keys.home_told_by(record_id)
    if _leads_home(told):
        return told
    row = reads.item(*keys.pointer(record_id))
    return row.at.S if row and row.at else told


def of_ids(record_ids: Iterable[str]) -> dict[str, str | None]:
    """The homes of records by their ids, as `of_id` tells them; the pointers of all are read together."""
    told = {record_id: keys.home_told_by(record_id) for record_id in record_ids}
    lost = [one for one, home in told.items() if not _leads_home(home)]
    found = reads.items([keys.pointer(one) for one in lost]) if lost else {}
    return {**told, **{sk: row.at.S for (_, sk), row in found.items() if row.at}}


def _leads_home(told: str | None) -> bool:
    """Whether all records whose ids tell a home are there."""
    return is_here(told) and told not in reference.left()


def is_here(home: str | None) -> bool:
    """Whether a home is the studio, or a production or person of it."""
    return home == STUDIO or home in reference.homes()
