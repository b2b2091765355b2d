"""What an import needs and makes where it is missing: departments, statuses of productions, types of assets."""

from functools import partial
from typing import Any

from chalicelib.domain.workflow import entity_types
from chalicelib.interchange.shotgun.entries import Entry
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

BLACK = "#000000"


def department(name: str, color: str = BLACK) -> Record:
    """The department of that name."""
    return _named(DEPARTMENT, name, color=color)


def project_status(name: str) -> Record:
    """The status of productions of that name."""
    return _named(PROJECT_STATUS, name, color=BLACK)


def asset_type(name: str) -> Record:
    """The type of assets of that name."""
    return _named(ENTITY_TYPE, name)


def asset_type_name(entry: Entry, path: str) -> str | None:
    """The name of an asset type that stands at a path; Invalid for a word that means shots, sequences …."""
    name: str | None = entry.value(path, ENTITY_TYPE.by_name["name"])
    if name in entity_types.TEMPORAL:
        raise entry.wrong(path, "the name of a type of assets")
    return name or None


def _named(kind: Kind, name: str, **values: Any) -> Record:
    return reference.named(kind, name) or write(partial(_make, kind=kind, values={"name": name, **values}))


def _make(changes: Changes, kind: Kind, values: dict[str, Any]) -> Record:
    holder = reads.holder(kind, STUDIO, ("name",), values)
    return changes.read(kind, holder) if holder else changes.create(kind, values)
