"""What the routes that write are about: records made for one call, and what is sent."""

import itertools
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.files import storage
from chalicelib.media.keys import MOVIE
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY, ENTITY_LINK
from chalicelib.records.fields import Kind
from chalicelib.records.files import BUILD_JOB, PREVIEW_FILE, WORKING_FILE
from chalicelib.records.people import CHAT_MESSAGE, NOTIFICATION, SEARCH_FILTER, SEARCH_FILTER_GROUP, SUBSCRIPTION
from chalicelib.records.production import METADATA_DESCRIPTOR, PROJECT, PROJECT_STATUS, SCHEDULE_ITEM, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TIME_SPENT
from chalicelib.store import objects, reads
from infra.local.inside import form_with_file
from tests.access.studio import create, unique
from tests.access.walk import Case, Walk, What
from tests.unit.files.conftest import picture
from tests.unit.interchange.csv_files import file_of
from tests.unit.interchange.shotgun.entries import EVERYTHING
from tests.unit.tasks.stage import change, now

PNG: Final = ("picture.png", picture(), "image/png")
_numbers = itertools.count(1)


NEEDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "Person": {"first_name": "New", "last_name": "Person", "email": "new@example.com", "password": "mysecretpassword"},
    "DayOff": {"date": "2032-01-05", "end_date": "2032-01-06"},
    "MetadataDescriptor": {"data_type": "string", "entity_type": "Asset"},
    "TimeSpent": {"duration": 30, "date": "2032-01-05"},
    "Plugin": {"plugin_id": "plugin", "version": "1.0.0", "maintainer_name": "x", "license": "MIT", "name": "x"},
}


def needed(walk: Walk) -> Mapping[str, Mapping[str, Any]]:
    task, shot = walk.id("task"), walk.entity("shot")
    return {
        "Comment": {"object_id": task, "object_type": "Task", "task_status_id": walk.world.status.id},
        "Entity": {"entity_type_id": walk.world.entity_types["Lamp"].id, "project_id": walk.mine.id},
        "EntityLink": {"entity_in_id": shot, "entity_out_id": walk.fresh("asset")},
        "ScheduleItem": {"object_id": shot},
        "Chat": {"object_id": walk.fresh("asset")},
        "Subscription": {"task_id": task, "person_id": walk.world.people["artist"].id},
        "TimeSpent": {"task_id": task, "person_id": walk.world.people["mate"].id},
    }


def named(**more: Any) -> What:
    return lambda _: {"name": unique("new"), **more}


def csv_file(*rows: Sequence[Any]) -> tuple[str, bytes, str]:
    return "import.csv", file_of(rows), "text/csv"


def kitsu(walk: Walk, what: str) -> list[dict[str, Any]]:
    ids, status = {"project_id": walk.mine.id}, walk.world.status.id
    new = str(uuid.uuid4())
    asset = {"name": unique("fox"), "entity_type_id": walk.world.entity_types["Lamp"].id, "type": "Asset", **ids}
    task_type = walk.world.task_type.id
    task = {"task_type_id": task_type, "task_status_id": status, "entity_id": walk.entity("asset"), **ids}
    return {
        "projects": [{"id": new, "name": unique("film"), "team": []}],
        "entities": [{"id": new, **asset}],
        "entity-links": [
            {"id": new, "entity_in_id": walk.entity("shot"), "entity_out_id": walk.fresh("asset"), "nb_occurences": 2}
        ],
        "tasks": [{"id": new, "name": unique("task"), "assignees": [], **task}],
        "comments": [
            {
                "id": new,
                "object_id": walk.id("task"),
                "object_type": "Task",
                "person_id": walk.admin.id,
                "task_status_id": status,
                "text": "From elsewhere",
            }
        ],
    }[what]


def _entry_of(walk: Walk, what: str, **more: Any) -> dict[str, Any]:
    """An entry of ShotGrid's, for the production of the walk."""
    if now(walk.mine.project)["shotgun_id"] is None:
        change(walk.mine.project, shotgun_id=101)
    entry = {**EVERYTHING[what], **more}
    if "name" in (entry.get("project") or {}):
        entry["project"] = {**entry["project"], "name": walk.mine.project["name"]}
    return entry


def shotgun(what: str) -> Case:
    return Case(lambda walk: [_entry_of(walk, what)])


def removed(word: str, what: str, **more: Any) -> Case:
    """Something of its own, taken in and removed again."""
    number = next(_numbers) + 5000
    named = {name: f"{word} {number}" for name in ("code", "name") if name in EVERYTHING[what]}
    if what == "persons":
        named["email"] = f"{number}@example.com"

    def taken_in(walk: Walk) -> None:
        sent = walk.api.post(f"/import/shotgun/{what}", [_entry_of(walk, what, id=number, **named, **more)])
        assert sent.json, sent.content

    return Case({"id": number, "type": word.capitalize()}, before=taken_in)


def output(walk: Walk) -> dict[str, Any]:
    ids = {"output_type_id": walk.id("output_type"), "task_type_id": walk.world.task_type.id}
    return {**ids, "name": unique("main"), "comment": ""}


def link(walk: Walk) -> Mapping[str, str]:
    ids = {"entity_in_id": walk.entity("shot"), "entity_out_id": walk.fresh("asset")}
    return {"instance_id": create(ENTITY_LINK, nb_occurences=1, **ids).id}


def schedule_item(walk: Walk) -> Mapping[str, str]:
    ids = {"project_id": walk.mine.id, "task_type_id": walk.world.task_type.id, "object_id": walk.fresh("shot")}
    return {"instance_id": create(SCHEDULE_ITEM, **ids).id}


def closed(walk: Walk) -> Mapping[str, str]:
    status = create(PROJECT_STATUS, name=unique("Closed"), color="#000000")
    team = [walk.world.people["manager"].id]
    return {"instance_id": create(PROJECT, name=unique("Over"), project_status_id=status.id, team=team).id}


def of_another_type(walk: Walk) -> Mapping[str, str]:
    other = create(TASK_TYPE, name=unique("Rigs"), for_entity="Asset")
    change(walk.task(), task_type_id=other.id)
    return {"task_type_id": other.id}


def episodic(walk: Walk) -> None:
    asset = walk.mine.entities["asset"]
    names = ("project_id", "entity_type_id", "created_by")
    more = {"name": "Episodic", "source_id": walk.entity("episode")}
    walk.mine.task_on(create(ENTITY, **{name: asset[name] for name in names}, **more))


def filmed(walk: Walk) -> None:
    task = walk.mine.task_on(walk.mine.entities["shot"], name=unique("task"))
    values = {"task_id": task.id, "person_id": walk.admin.id, "name": "x", "revision": 900, "status": "ready"}
    create(PREVIEW_FILE, duration=2.0, extension="mp4", **values)


def begun(route: str, parameter: str, ids: Callable[[Walk], Mapping[str, str]], kind: Kind) -> Case:
    """An upload that went to the bucket, and is to be taken."""

    def made(walk: Walk) -> Mapping[str, str]:
        named = ids(walk)
        asked = {"filename": "a.png", "size": len(PNG[1])}
        begun = walk.api.post(route.format(named[parameter]), asked)
        assert begun.status < 300, begun.content
        objects.put(reads.get(kind, named[parameter])["upload"]["key"], PNG[1])
        return named

    return Case(ids=made)


def standing(walk: Walk) -> Mapping[str, str]:
    made = create(ASSET_INSTANCE, asset_id=walk.entity("asset"), name=unique("one"), number=next(_numbers) + 10)
    return {"asset_instance_id": made.id, "temporal_entity_id": walk.entity("shot")}


def in_scene(walk: Walk) -> Record:
    return create(
        ASSET_INSTANCE,
        asset_id=walk.entity("asset"),
        scene_id=walk.entity("scene"),
        name=unique("one"),
        number=next(_numbers) + 10,
    )


def in_shot(walk: Walk) -> Mapping[str, str]:
    made = in_scene(walk)
    answered = walk.api.post(f"/data/shots/{walk.entity('shot')}/asset-instances", {"asset_instance_id": made.id})
    assert answered.status < 300, answered.content
    return {"asset_instance_id": made.id, "shot_id": walk.entity("shot")}


def _comment(walk: Walk, **more: Any) -> Record:
    values = {"object_id": walk.id("task"), "object_type": "Task", "person_id": walk.admin.id, "text": "Words"}
    return create(COMMENT, task_status_id=walk.world.status.id, **values, **more)


def commented(walk: Walk) -> Mapping[str, str]:
    return {"task_id": walk.id("task"), "comment_id": _comment(walk).id}


def with_preview(walk: Walk) -> Mapping[str, str]:
    ids = commented(walk)
    made = walk.api.post(f"/actions/tasks/{ids['task_id']}/comments/{ids['comment_id']}/add-preview", {})
    assert made.status == 201, made.content
    return {**ids, "preview_file_id": made["id"], "instance_id": made["id"]}


def with_two_previews(walk: Walk) -> Mapping[str, str]:
    ids = with_preview(walk)
    first = reads.get(PREVIEW_FILE, ids["preview_file_id"])
    path = f"/actions/tasks/{ids['task_id']}/comments/{ids['comment_id']}/add-preview"
    made = walk.api.post(path, {"revision": first["revision"]})
    assert made.status == 201, made.content
    return ids


def with_movie(walk: Walk) -> Mapping[str, str]:
    task = walk.mine.task_on(walk.mine.entities["shot"], name=unique("task"))
    values = {"task_id": task.id, "person_id": walk.admin.id, "name": "x", "revision": 901, "status": "ready"}
    preview = create(PREVIEW_FILE, extension="mp4", **values)
    change(preview, stored=storage.put_files(preview, {MOVIE: b"film"}).onto(None))
    entries = [{"entity_id": walk.entity("shot"), "preview_file_id": preview.id}]
    return {"playlist_id": change(walk.mine.twin("playlist"), shots=entries).id}


def fresh(word: str, worked_on: bool = False, parameter: str = "") -> Case:
    return Case(ids=lambda walk: {parameter or f"{word}_id": walk.fresh(word, worked_on)})


def _own(kind: Any, parameter: str, **values: Any) -> Callable[[Walk], Mapping[str, str]]:
    """A record of the administrator's."""

    def made(walk: Walk) -> Mapping[str, str]:
        return {parameter: create(kind, **{"person_id": walk.admin.id, **values}).id}

    return made


def saved_filter(walk: Walk) -> Mapping[str, str]:
    return _own(SEARCH_FILTER, "filter_id", name=unique("x"), list_type="asset", search_query="x")(walk)


def filter_group(walk: Walk) -> Mapping[str, str]:
    return _own(SEARCH_FILTER_GROUP, "filter_group_id", name=unique("x"), list_type="asset", color="#000000")(walk)


def entry(walk: Walk) -> dict[str, Any]:
    task = walk.task()
    return {"object_id": task.id, "task_id": task.id, "task_status_id": walk.world.status.id, "comment": "Words"}


def message(walk: Walk) -> Mapping[str, str]:
    values = {"chat_id": walk.id("chat"), "person_id": walk.admin.id, "text": "Hello"}
    return {"chat_message_id": create(CHAT_MESSAGE, **values).id, "entity_id": walk.entity("asset")}


def join(walk: Walk) -> None:
    walk.api.post(f"/actions/user/chats/{walk.entity('asset')}/join", {})


def notification(walk: Walk) -> Mapping[str, str]:
    ids = {"task_id": walk.id("task"), "comment_id": walk.id("comment"), "author_id": walk.world.people["mate"].id}
    return _own(NOTIFICATION, "notification_id", type="comment", **ids)(walk)


def subscribed(walk: Walk) -> Mapping[str, str]:
    task = walk.task()
    create(SUBSCRIPTION, person_id=walk.admin.id, task_id=task.id)
    return {"task_id": task.id}


def sequence_subscribed(walk: Walk) -> Mapping[str, str]:
    path = f"/actions/user/sequences/{walk.entity('sequence')}/task-types/{walk.world.task_type.id}/subscribe"
    walk.api.post(path, {})
    return {"sequence_id": walk.entity("sequence"), "task_type_id": walk.world.task_type.id}


def noted_time(walk: Walk) -> Mapping[str, str]:
    ids = {"task_id": walk.id("task"), "person_id": walk.world.people["mate"].id}
    day = f"2033-{next(_numbers) % 12 + 1:02}-05"
    made = create(TIME_SPENT, duration=30, date=day, **ids)
    return {**ids, "date": day, "instance_id": made.id}


def descriptor(walk: Walk) -> Mapping[str, str]:
    values = {"name": unique("size"), "field_name": unique("size"), "data_type": "string", "entity_type": "Asset"}
    return {"descriptor_id": create(METADATA_DESCRIPTOR, project_id=walk.mine.id, **values).id}


def build(walk: Walk) -> Mapping[str, str]:
    made = create(BUILD_JOB, playlist_id=walk.id("playlist"), status="succeeded", job_type="movie")
    return {"playlist_id": walk.id("playlist"), "build_job_id": made.id}


def share(walk: Walk) -> dict[str, Any]:
    return {"is_shared": True, "asset_ids": [walk.fresh("asset")]}


def working_file(walk: Walk) -> Mapping[str, str]:
    ids = {"task_id": walk.id("task"), "entity_id": walk.entity("asset")}
    made = create(WORKING_FILE, name=unique("main"), revision=1, **ids)
    return {"working_file_id": made.id}


def _preview(walk: Walk) -> Mapping[str, str]:
    values = {"task_id": walk.id("task"), "person_id": walk.admin.id, "name": "x", "revision": next(_numbers) + 50}
    return {"preview_file_id": create(PREVIEW_FILE, **values).id}


def attached(walk: Walk) -> Mapping[str, str]:
    ids = commented(walk)
    raw, headers = form_with_file("words.txt", b"words", "text/plain")
    path = f"/actions/tasks/{ids['task_id']}/comments/{ids['comment_id']}/add-attachment"
    made = walk.api.call("POST", path, raw=raw, headers=headers)
    assert made.status == 201, made.content
    return {**ids, "attachment_id": made.json[0]["id"]}


def background(walk: Walk) -> Mapping[str, str]:
    return {"instance_id": walk.id("preview_background_file")}


SETTINGS: Final = "POST /data/projects/{project_id}/settings"
TASKS_OF: Final = "POST /actions/projects/{project_id}/task-types/{task_type_id}"
TREE: Final = Case({"tree_name": "simple"})


def treed(walk: Walk) -> None:
    walk.api.post(f"/actions/projects/{walk.mine.id}/set-file-tree", {"tree_name": "simple"})


def delivered(walk: Walk) -> Mapping[str, str]:
    tested = walk.api.post(f"/actions/webhooks/{walk.id('webhook')}/test", {})
    assert tested.status < 300, tested.content
    return {"delivery_id": tested["id"]}
