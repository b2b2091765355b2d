"""New entities (docs/contract/entities.md section 5)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from chalicelib.access.caller import Caller
from chalicelib.domain.crud import references
from chalicelib.domain.entities.kinds import KINDS, Above, EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.validation import creation_values
from chalicelib.store import homes, keys, reads
from chalicelib.store.changes import Changes, write


class Claim(NamedTuple):
    """A name that a new entity takes, and who was seen to hold it."""

    key: tuple[str, str]
    seen: str | None


_ID_LENGTH: Final = 36
_STATUSES: Final = ENTITY.by_name["status"].choices
_SAME: Final = ENTITY.unique_together[0]


def create(
    caller: Caller, project: Record, kind: EntityKind, given: Mapping[str, Any], entity_type_id: str | None = None
) -> Record:
    """A new entity of a kind, or the one of that name that is there already where the kind allows but one.

    given: name, description, data and what the kind has besides, as bodies call it (`sequence_id`, `nb_frames`); a
    status that is none is the usual one. entity_type_id: the type of an asset. Raises Invalid for a wrong value,
    NotFound for an unknown sequence or episode, and for what a concept is linked to that is no id.
    """
    above = _above(project, kind.above, given)
    own = {"project_id": project.id, "entity_type_id": entity_type_id or entity_types.temporal(kind.name).id}
    values = {**_values(kind, given, own, above), "created_by": caller.id, "type": kind.name}

    def tell(changes: Changes, record: Record) -> None:
        payload = {kind.id_name: record.id, **kind.told(record, above)}
        emit(changes, f"{kind.word}:new", project.id, **payload)

    def command(changes: Changes) -> Record:
        same, claim = look(values) if kind.once else (None, None)
        if same is not None:
            if kind.tells_again:
                tell(changes, same)
            return same
        record = changes.create(ENTITY, values)
        if claim is not None:
            changes.claim(claim.key, record.id, claim.seen)
        if above is not None:
            changes.require(above)
        tell(changes, record)
        return record

    return write(command)


def _values(kind: EntityKind, given: Mapping[str, Any], own: Mapping[str, str], above: Record | None) -> dict[str, Any]:
    asked_as = kind.above.asked_as if kind.above else None
    said = {name: value for name, value in given.items() if value is not None and name != asked_as}
    if said.get("status") not in _STATUSES:
        said.pop("status", None)
    _refuse_malformed(said.get("entity_concept_links", ()))
    values = references.resolve(ENTITY, creation_values(ENTITY, {**kind.defaults, **said, **own}))
    references.refuse_strangers(ENTITY, values, keys.home_of_owner(own["project_id"]))
    if kind.above is not None:
        values[kind.above.field] = above.id if above else None
    return values


def _refuse_malformed(linked: Iterable[str]) -> None:
    """Raises NotFound for a link that is no id; unknown ones are left out."""
    for one in linked:
        if not keys.is_id(one):
            raise NotFound(f"There is no entity with the id {one!r}.", {"entity_concept_links": one})


def _above(project: Record, above: Above | None, given: Mapping[str, Any]) -> Record | None:
    """The entity that a new one is made under; None where the body names none."""
    if above is None:
        return None
    asked = given.get(above.asked_as)
    if not asked or (above.lenient and len(asked) < _ID_LENGTH):
        if above.required:
            raise Invalid(f"{above.asked_as} is required.", above.asked_as, f"the id of a {above.kind.lower()}")
        return None
    found = reads.find(ENTITY, asked)
    if found is None or not KINDS[above.kind].is_of(found):
        raise NotFound(f"There is no {above.kind.lower()} with the id {asked!r}.", {above.asked_as: asked})
    if found["project_id"] != project.id:
        raise above.foreign(f"{above.asked_as} is of another production.")
    return found


def look(values: Mapping[str, Any]) -> tuple[Record | None, Claim | None]:
    """The entity of that name, type and parent, if there is one; else what a new one has to claim.

    Under a parent the guard of the name leads to it, and refuses a second one. A null parent sets entities apart for
    the guards; there a claim on the name makes one of two creators begin again and find what the other made.
    """
    home = homes.of(ENTITY, values)
    if values.get("parent_id"):
        holder = reads.holder(ENTITY, home, _SAME, values)
        return reads.find(ENTITY, holder) if holder else None, None
    called = f"{values['entity_type_id']}#{values['name']}"
    key = keys.claim(home, ENTITY, called)
    # Before the look at the entities: who claims the name after this makes our transaction fail.
    claim = Claim(key, reads.claimant(key))
    found = reads.query(ENTITY, home, "entity_type_id", ("=", called))
    return next((same for same in found if same["parent_id"] is None), None), claim
