"""No body ties a record of one production to what belongs to another (docs/contract/people.md section 1)."""

from typing import Any

import pytest

from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.dependents.places import lives_in_productions
from chalicelib.domain.registry import ALL
from chalicelib.records.fields import Field
from chalicelib.records.registry import KINDS
from tests.access.studio import AccessStudio, unique
from tests.client import Api

COLLECTIONS = [one for one in ALL.values() if one.kind.path and lives_in_productions(one.kind)]
# What the manager of a production makes by the generic routes, besides what is named.
MADE_BY_MANAGERS: dict[str, dict[str, Any]] = {
    "entity": {"project_id": None, "entity_type_id": None},
    "milestone": {"project_id": None},
    "playlist": {"project_id": None},
    "task": {"project_id": None, "entity_id": None, "task_type_id": None},
}


def of_productions(field: Field) -> bool:
    """Whether a field names a record that belongs to a production."""
    kind = KINDS.get(field.relation or "")
    free = field.protected or field.across or field.derived or field.type == "record"
    return not free and bool(kind and lives_in_productions(kind))


def foreign_value(world: AccessStudio, field: Field) -> Any:
    """The id of a record of the other production, as the field holds it."""
    foreign = world.theirs.records[field.relation or ""].id
    return [foreign] if field.type == "ids" else foreign


def kept(collection: Collection, record_id: str, name: str) -> Any:
    found = collection.find(record_id)
    return found[name] if found else None


@pytest.mark.parametrize("user", ["admin", "manager", "leader", "assigned"])
def test_changes_name_nothing_of_another_production(api: Api, world: AccessStudio, user: str) -> None:
    wrong = []
    for collection in COLLECTIONS:
        record = world.mine.records[collection.kind.table]
        path = f"{(collection.kind.path or '').rstrip('/')}/{record.id}"
        for field in filter(of_productions, collection.kind.fields):
            foreign = foreign_value(world, field)
            answered = api.put(path, {field.asked_as: foreign}, user=user)
            if answered.status >= 500 or kept(collection, record.id, field.name) == foreign:
                wrong.append(f"PUT {path} {field.name}: {answered.status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("user", ["admin", "manager"])
@pytest.mark.parametrize("made", sorted(MADE_BY_MANAGERS))
def test_nothing_is_made_that_names_what_is_of_another_production(
    api: Api, world: AccessStudio, made: str, user: str
) -> None:
    collection = ALL[made]
    mine = world.mine.records
    known = {"project_id": world.mine.id, "entity_id": mine["entity"].id, "task_type_id": world.task_type.id}
    known["entity_type_id"] = mine["entity"]["entity_type_id"]
    for field in filter(of_productions, collection.kind.fields):
        body = {"name": unique("new"), **{name: known[name] for name in MADE_BY_MANAGERS[made]}}
        assert api.post(collection.kind.path or "", body, user=user).status == 201
        foreign = {**body, "name": unique("new"), field.asked_as: foreign_value(world, field)}
        answered = api.post(collection.kind.path or "", foreign, user=user)
        assert answered.status in (400, 403, 404), (field.name, answered.content)
