"""An entity that a body names, to be tied to another one of its production."""

from chalicelib.domain.entities.kinds import EntityKind
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import uuid
from chalicelib.records.record import Record
from chalicelib.records.validation import value_of
from chalicelib.store import reads


def entity_named(kind: EntityKind, field: str, given: str, beside: Record) -> Record:
    """The entity of a kind that a field of a body names.

    Raises Invalid for a malformed id and for an entity of another production than `beside`, NotFound for an unknown
    one and for one of another kind; each names the field.
    """
    entity = reads.find(ENTITY, value_of(uuid(field), given))
    if entity is None or not kind.is_of(entity):
        raise NotFound(f"There is no {kind.word} with the id {given!r}.", {field: given})
    if entity["project_id"] != beside["project_id"]:
        raise Invalid(f"{field} is of another production.", field, "an id of this production")
    return entity
