"""What entries of another Kitsu have in common: who may write them, what of them is kept, under which id.

An entry that the sender may not write is left out silently; a wrong one refuses the request, what was written before it
stays. Each entry is a transaction.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud import references
from chalicelib.domain.dependents import moving
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.fields import Kind, datetime
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.validation import creation_values, value_of
from chalicelib.store import chosen_ids, homes, keys, reads, reference
from chalicelib.store.changes import Changes

Entry = Mapping[str, Any]
_STAMPS: Final = ("created_at", "updated_at")


def taken(caller: Caller, sent: Any, take: Callable[[Caller, Entry], Record]) -> list[Record]:
    """What becomes of a list of entries, without those that the sender may not write; Invalid for no such list."""
    if not isinstance(sent, list) or not all(isinstance(entry, Mapping) for entry in sent):
        raise Invalid("What is imported is no list of records.", "body", "a list of records")
    taken = []
    for entry in sent:
        try:
            taken.append(take(caller, entry))
        except (Forbidden, NotFound):
            continue
    return taken


def project_of(caller: Caller, entry: Entry) -> Record:
    """The production of an entry, of which the sender is a manager."""
    project = reference.get(PROJECT, str(entry.get("project_id") or ""))
    checks.manage_project(caller, project)
    return project


def existing(caller: Caller, kind: Kind, entry: Entry, project: Record) -> Record | None:
    """The record that has the id of an entry already; from another production of the sender's it moves here."""
    record_id = id_of(entry)
    known = reads.find(kind, record_id) if record_id else None
    if known is not None and known["project_id"] != project.id:
        checks.manage_project(caller, checks.project_of(known))
    return known


def id_of(entry: Entry) -> str | None:
    """The id that an entry has, if it has one; Invalid for what is none."""
    given = entry.get("id")
    if given is not None and not keys.is_id(given):
        raise Invalid(f"{given!r} is not an id.", "id", "an id")
    return given.lower() if given else None


def values_of(kind: Kind, given: Entry, known: Record | None) -> dict[str, Any]:
    """The values of an entry that records of the kind keep; of a new one those that are required are there."""
    told = {
        field.asked_as: given[field.asked_as]
        for field in kind.fields
        if field.asked_as in given and not (field.derived or field.computed or field.internal or field.secret)
    }
    stamps = {name: value_of(datetime(name), told[name]) for name in _STAMPS if told.get(name) is not None}
    if known is None:
        values = creation_values(kind, told)
    else:
        named = {name: value for name, value in told.items() if value is not None and name not in ("id", *_STAMPS)}
        values = {name: value_of(kind.by_name[name], value) for name, value in named.items()}
    return {**references.resolve(kind, values), **stamps}


def store(
    changes: Changes, kind: Kind, values: Mapping[str, Any], record_id: str | None, known: Record | None
) -> Record:
    """Writes an entry: over the record that is there, or as a new one of that id."""
    home = homes.of(kind, values)
    if known is None and record_id is not None:
        # Somebody else may import the same: the command that begins again finds what it lost the race to.
        known = chosen_ids.holder(changes, kind, home, record_id)
        # A link is known by its ends: another one that has the id is not this one.
        if known is not None and kind is ENTITY_LINK:
            raise chosen_ids.taken(record_id)
    if known is None:
        return changes.create(kind, dict(values), record_id)
    current = changes.read(kind, known.id)
    values = {"updated_at": clock.now(), **values}
    if values.get("project_id", current.get("project_id")) != current.get("project_id"):
        return moving.move(changes, current, **values)
    return changes.update(current, **values)


def verb(record: Record) -> str:
    """What an event says of a record that a command has written: whether it was stored before."""
    return "update" if record.version else "new"
