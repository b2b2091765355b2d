"""What a production's entities may point at: things of the same production (spec/people.md section 1, isolation)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import keys, reads

_TABLES: Final = ("entity", "preview_file")


def refuse_strangers(project_id: str, values: Mapping[str, Any]) -> None:
    """Raises Invalid where one of the values names an entity or a preview of another production."""
    home = keys.home_of_owner(project_id)
    for name, value in values.items():
        field = ENTITY.by_name.get(name)
        if field is None or field.relation not in _TABLES or not value:
            continue
        for record_id in value if field.type == "ids" else (value,):
            if reads.home_of_id(record_id) != home:
                raise Invalid(f"{field.asked_as} is of another production.", field.asked_as, "an id of this production")


def stay(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a change; Invalid where one would put the record beside something of another production."""
    for name in record.kind.home.beside:
        if values.get(name) and reads.home_of_id(values[name]) != reads.home_of(record.kind, record):
            raise Invalid(f"{name} is of another production.", name, "an id of the same production")
    return values
