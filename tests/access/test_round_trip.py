"""Scripts read a record, change a key, and send all of it back: what a GET gave can be PUT, and changes nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.entities.kinds import kind_of
from chalicelib.domain.registry import ALL
from tests.access.requests import all_routes, path_of
from tests.access.studio import AccessStudio
from tests.client import Api
from tests.unit.tasks.stage import change

# Every PUT of a comment notes who sent it.
_NOTED = {"updated_at", "editor_id"}
PLACES = {collection.kind.name: collection for collection in ALL.values() if collection.kind.path}
_ENTITIES = ("Asset", "Shot", "Sequence", "Episode", "Scene", "Edit", "Concept", "Entity")


def place_of(row: Any) -> Collection | None:
    """The collection of a row of any list."""
    kind = row.get("type") if isinstance(row, dict) and "id" in row else None
    return PLACES.get("Entity" if kind in _ENTITIES else str(kind))


def rows_in(value: Any) -> Iterator[dict[str, Any]]:
    """The records in an answer, wherever they stand in it."""
    if isinstance(value, dict):
        if place_of(value):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from rows_in(one)


def sent_back(api: Api, row: dict[str, Any]) -> str | None:
    """Sends a row back to where its kind is changed; what was wrong with that."""
    place = place_of(row)
    assert place is not None
    assert place.kind.path is not None
    path = f"{place.kind.path.rstrip('/')}/{row['id']}"
    before = api.get(path)
    if before.status != 200:
        return None
    answered = api.put(path, row)
    if answered.status != 200:
        return f"{answered.status} {answered.content[:120]!r}"
    after = api.get(path).json
    changed = {name for name in {*before.json, *after} if before.json.get(name) != after.get(name)} - _NOTED
    if before.json.get("data") is None and after.get("data") == {}:
        # The golden record wants an object after every change of an entity.
        changed.discard("data")
    if before.json.get("shots") is None and after.get("shots") == []:
        # A playlist in full shows no entries as an empty list.
        changed.discard("shots")
    return f"changed {[(name, before.json.get(name), after.get(name)) for name in changed]}" if changed else None


@pytest.fixture
def lived_in(world: AccessStudio) -> AccessStudio:
    """The studio with words, metadata and a script token that is over, which fresh records lack."""
    data = {"frame_in": 1, "notes": "wet"}
    for entity in (*world.mine.entities.values(), *world.theirs.entities.values()):
        change(entity, data=data, description="A lamp.", type=kind_of(entity).name)
    change(world.people["bot"], expiration_date="2020-01-01")
    change(world.mine.records["comment"], editor_id=world.people["manager"].id, pinned=True)
    return world


@pytest.mark.usefixtures("bucket")
def test_records_as_they_were_read_may_be_sent_back(api: Api, lived_in: AccessStudio) -> None:
    wrong = set()
    # A day off takes away the hours noted on it.
    for name, collection in sorted(PLACES.items(), key=lambda place: place[0] == "DayOff"):
        path = collection.kind.path or ""
        lists = [api.get(path, query).json for query in ({}, {"relations": "true"})]
        rows = [row for found in lists for row in found][:20]
        assert rows, name
        rows += [api.get(f"{path.rstrip('/')}/{row_id}").json for row_id in {row["id"] for row in rows}]
        wrong |= {f"{name}: {found}" for row in rows if (found := sent_back(api, {**row, "type": name}))}
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.usefixtures("bucket")
def test_the_rows_of_every_list_may_be_sent_back(api: Api, lived_in: AccessStudio) -> None:
    """What stands in any answer with an id and a type, boards with their tasks included."""
    wrong, kinds, sent = set(), set(), set()
    for route in all_routes():
        if route.method != "GET" or route.path.startswith("/auth"):
            continue
        for query in ({}, {"project_id": lived_in.mine.id}) if "{" not in route.path else ({},):
            answered = api.get(path_of(route, lived_in.mine), query)
            if answered.status != 200 or answered.content[:1] not in (b"[", b"{"):
                continue
            for row in rows_in(answered.json):
                kinds.add(row["type"])
                if (text := json.dumps(row, sort_keys=True)) in sent:
                    continue
                sent.add(text)
                if found := sent_back(api, row):
                    wrong.add(f"{route.path}: {row['type']}: {found}")
    assert {"Asset", "Shot", "Sequence", "Task", "Comment", "Person", "Project"} <= kinds
    assert not wrong, "\n".join(sorted(wrong))


def whole(api: Api, path: str, user: str, **changed: Any) -> Any:
    """Sends all of a record back as somebody, with other values of some fields."""
    return api.put(path, {**api.get(path).json, **changed}, user=user)


def test_who_may_change_a_field_may_send_the_record_with_it(api: Api, lived_in: AccessStudio) -> None:
    """The rules on single fields look at what changes, not at what is named."""
    mine = lived_in.mine
    task, asset = f"/data/tasks/{mine.records['task'].id}", f"/data/entities/{mine.entities['asset'].id}"
    assert whole(api, task, "leader", priority=3).status == 200
    assert whole(api, task, "leader", name="other").status == 403
    column = {"data_type": "string", "entity_type": "Asset", "name": "Wet", "for_client": False, "choices": []}
    departments = [lived_in.departments["Lighting"].id]
    made = api.post(f"/data/projects/{mine.id}/metadata-descriptors", {**column, "departments": departments})
    assert made.status == 201, made.content
    data = {**api.get(asset)["data"], made["field_name"]: "yes"}
    assert whole(api, asset, "leader", data=data).status == 200
    assert whole(api, asset, "leader", data={**data, "notes": "dry"}).status == 400
    assert whole(api, asset, "leader", description="other").status == 400


def test_an_author_sends_a_comment_back_that_somebody_changed_meanwhile(api: Api, lived_in: AccessStudio) -> None:
    comment = lived_in.mine.records["comment"]
    change(comment, person_id=lived_in.people["assigned"].id)
    path = f"/data/comments/{comment.id}"
    read = api.get(path).json
    assert api.put(path, {"text": "Meanwhile"}).status == 200
    answered = api.put(path, {**read, "text": "Mine again"}, user="assigned")
    assert answered.status == 200, answered.content
    assert api.get(path)["editor_id"] == lived_in.people["assigned"].id
    assert api.put(path, {**read, "pinned": False}, user="assigned").status == 403


def test_an_empty_change_shows_nobody_words_that_are_not_for_them(api: Api, lived_in: AccessStudio) -> None:
    comment = lived_in.mine.records["comment"]
    change(comment, person_id=lived_in.people["client"].id)
    assert api.put(f"/data/comments/{comment.id}", {}, user="assigned").status == 403


def test_a_missing_id_is_null_however_a_list_writes_it(api: Api, lived_in: AccessStudio) -> None:
    asset = lived_in.mine.entities["asset"]
    path = f"/data/entities/{asset.id}"
    assert api.put(path, {"ready_for": lived_in.task_type.id}).status == 200
    assert api.put(path, {"ready_for": "None", "preview_file_id": "", "source_id": "null"}).status == 200
    assert [api.get(path)[name] for name in ("ready_for", "preview_file_id", "source_id")] == [None] * 3
    assert api.put(path, {"entity_type_id": ""}).status == 400
