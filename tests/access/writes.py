"""Every route that writes, called so that it writes: what its path names, what is sent, as whom.

A route without a line is asked as the matrix of access asks it (requests.py); a new record gets what its kind needs.
"""

import contextlib
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.files import storage
from chalicelib.domain.registry import ALL
from chalicelib.http.call import Route
from chalicelib.media.keys import MOVIE
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY, ENTITY_LINK
from chalicelib.records.fields import Kind
from chalicelib.records.files import BUILD_JOB, PREVIEW_FILE, WORKING_FILE
from chalicelib.records.people import CHAT_MESSAGE, NOTIFICATION, SEARCH_FILTER, SEARCH_FILTER_GROUP, SUBSCRIPTION
from chalicelib.records.production import METADATA_DESCRIPTOR, PROJECT, PROJECT_STATUS, SCHEDULE_ITEM, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TIME_SPENT
from chalicelib.store import objects, reads
from infra.local.inside import Answered, form_with_file
from tests.access.requests import body_of, parameters, path_of
from tests.access.studio import AccessStudio, Production, create, unique
from tests.access.table import GENERIC
from tests.client import Api
from tests.unit.files.conftest import picture
from tests.unit.files.test_avatars import hdr
from tests.unit.interchange.csv_files import file_of
from tests.unit.interchange.cuts import edl
from tests.unit.interchange.shotgun.entries import EVERYTHING
from tests.unit.tasks.stage import change, now

PNG: Final = ("picture.png", picture(), "image/png")
_numbers = itertools.count(1)


Listen = Callable[[], contextlib.AbstractContextManager[Any]]


class Walk:
    """The studio in which every route is called once or more."""

    def __init__(self, api: Api, world: AccessStudio, listening: Listen = contextlib.nullcontext) -> None:
        """listening: goes around each call of a route, and not around what is made for it beforehand."""
        self.api, self.world, self._listening = api, world, listening
        self.mine: Production = world.mine
        self.admin = world.people["admin"]

    def asked(self, method: str, path: str, body: Any = None, **more: Any) -> Answered:
        """The answer of the route that is looked at."""
        with self._listening():
            return self.api.call(method, path, body, **more)

    def id(self, table: str) -> str:
        """The id of the record of a table."""
        return (self.mine.records.get(table) or self.world.records[table]).id

    def entity(self, word: str) -> str:
        """The id of the entity of that kind."""
        return self.mine.entities[word].id

    def fresh(self, word: str, worked_on: bool = False) -> str:
        """Another entity like that one, which nobody names; or one with a task."""
        like = self.mine.entities[word]
        names = ("project_id", "entity_type_id", "parent_id", "created_by")
        made = create(ENTITY, name=unique(word), **{name: like[name] for name in names})
        if worked_on:
            self.mine.task_on(made)
        return made.id

    def task(self, **values: Any) -> Record:
        """Another task of the asset."""
        made = self.mine.task_on(self.mine.entities["asset"], name=unique("task"))
        return change(made, **values) if values else made


What = Callable[[Walk], Any]


@dataclass(frozen=True)
class Case:
    """One call of a route: ids of its path besides those of the production, the body, a file, the query."""

    body: Any = None
    ids: Callable[[Walk], Mapping[str, str]] = lambda _: {}
    file: tuple[str, bytes, str] | None = None
    user: str = "admin"
    query: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    before: Callable[[Walk], Any] = lambda _: None


def calls(walk: Walk, route: Route) -> Iterator[Answered]:
    """The answers of a route to its cases."""
    name = f"{route.method} {route.path}"
    if name in CASES:
        yield from (_called(walk, route, case) for case in CASES[name])
    elif route.method == "POST" and route.access.name.startswith(GENERIC):
        yield _created(walk, route)
    else:
        path = path_of(route, walk.mine, fresh=route.method == "DELETE")
        body = body_of(route, walk.mine) if route.method in ("POST", "PUT") else None
        by_query = route.access.name.startswith("project access by query")
        yield walk.asked(route.method, path, body, params={"project_id": walk.mine.id} if by_query else None)


def _called(walk: Walk, route: Route, case: Case) -> Answered:
    case.before(walk)
    named = case.ids(walk)
    path = route.path
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", value)
    if parameters(path):
        rest = path_of(route, walk.mine).split("/")
        path = "/".join(new if "{" in old else old for old, new in zip(path.split("/"), rest, strict=True))
    body = case.body(walk) if callable(case.body) else case.body
    if case.file is None:
        sent = body if body is not None or route.method not in ("POST", "PUT") else {}
        return walk.asked(route.method, path, sent, user=case.user, params=case.query)
    raw, headers = form_with_file(*case.file, **(case.form or {}))
    return walk.asked(route.method, path, raw=raw, headers=headers, user=case.user, params=case.query)


def _created(walk: Walk, route: Route) -> Answered:
    """A new record of a kind, with what it needs and what it may name."""
    kind = next(one.kind for one in ALL.values() if one.kind.name == route.access.name.removeprefix(GENERIC))
    body = {
        field.asked_as: walk.mine._value(kind, field)
        for field in kind.fields
        if walk.mine._is_set(field) and field.name not in ("created_by", "source_id", "shotgun_id")
    }
    body |= {**_NEEDED.get(kind.name, {}), **_needed(walk).get(kind.name, {})}
    return walk.asked("POST", route.path, body)


# -- what is sent ------------------------------------------------------------------------------------------------------
_NEEDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "Person": {"first_name": "New", "last_name": "Person", "email": "new@example.com", "password": "mysecretpassword"},
    "DayOff": {"date": "2032-01-05", "end_date": "2032-01-06"},
    "MetadataDescriptor": {"data_type": "string", "entity_type": "Asset"},
    "TimeSpent": {"duration": 30, "date": "2032-01-05"},
    "Plugin": {"plugin_id": "plugin", "version": "1.0.0", "maintainer_name": "x", "license": "MIT", "name": "x"},
}


def _needed(walk: Walk) -> Mapping[str, Mapping[str, Any]]:
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


def _named(**more: Any) -> What:
    return lambda _: {"name": unique("new"), **more}


def _csv(*rows: Sequence[Any]) -> tuple[str, bytes, str]:
    return "import.csv", file_of(rows), "text/csv"


def _kitsu(walk: Walk, what: str) -> list[dict[str, Any]]:
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


def _shotgun(what: str) -> Case:
    return Case(lambda walk: [_entry_of(walk, what)])


def _removed(word: str, what: str, **more: Any) -> Case:
    """Something of its own, taken in and removed again."""
    number = next(_numbers) + 5000
    named = {name: f"{word} {number}" for name in ("code", "name") if name in EVERYTHING[what]}
    if what == "persons":
        named["email"] = f"{number}@example.com"

    def taken_in(walk: Walk) -> None:
        sent = walk.api.post(f"/import/shotgun/{what}", [_entry_of(walk, what, id=number, **named, **more)])
        assert sent.json, sent.content

    return Case({"id": number, "type": word.capitalize()}, before=taken_in)


def _output(walk: Walk) -> dict[str, Any]:
    ids = {"output_type_id": walk.id("output_type"), "task_type_id": walk.world.task_type.id}
    return {**ids, "name": unique("main"), "comment": ""}


def _link(walk: Walk) -> Mapping[str, str]:
    ids = {"entity_in_id": walk.entity("shot"), "entity_out_id": walk.fresh("asset")}
    return {"instance_id": create(ENTITY_LINK, nb_occurences=1, **ids).id}


def _schedule_item(walk: Walk) -> Mapping[str, str]:
    ids = {"project_id": walk.mine.id, "task_type_id": walk.world.task_type.id, "object_id": walk.fresh("shot")}
    return {"instance_id": create(SCHEDULE_ITEM, **ids).id}


def _closed(walk: Walk) -> Mapping[str, str]:
    status = create(PROJECT_STATUS, name=unique("Closed"), color="#000000")
    team = [walk.world.people["manager"].id]
    return {"instance_id": create(PROJECT, name=unique("Over"), project_status_id=status.id, team=team).id}


def _of_another_type(walk: Walk) -> Mapping[str, str]:
    other = create(TASK_TYPE, name=unique("Rigs"), for_entity="Asset")
    change(walk.task(), task_type_id=other.id)
    return {"task_type_id": other.id}


def _episodic(walk: Walk) -> None:
    asset = walk.mine.entities["asset"]
    names = ("project_id", "entity_type_id", "created_by")
    more = {"name": "Episodic", "source_id": walk.entity("episode")}
    walk.mine.task_on(create(ENTITY, **{name: asset[name] for name in names}, **more))


def _filmed(walk: Walk) -> None:
    task = walk.mine.task_on(walk.mine.entities["shot"], name=unique("task"))
    values = {"task_id": task.id, "person_id": walk.admin.id, "name": "x", "revision": 900, "status": "ready"}
    create(PREVIEW_FILE, duration=2.0, extension="mp4", **values)


def _begun(route: str, parameter: str, ids: Callable[[Walk], Mapping[str, str]], kind: Kind) -> Case:
    """An upload that went to the bucket, and is to be taken."""

    def made(walk: Walk) -> Mapping[str, str]:
        named = ids(walk)
        asked = {"filename": "a.png", "size": len(PNG[1])}
        begun = walk.api.post(route.format(named[parameter]), asked)
        assert begun.status < 300, begun.content
        objects.put(reads.get(kind, named[parameter])["upload"]["key"], PNG[1])
        return named

    return Case(ids=made)


def _standing(walk: Walk) -> Mapping[str, str]:
    made = create(ASSET_INSTANCE, asset_id=walk.entity("asset"), name=unique("one"), number=next(_numbers) + 10)
    return {"asset_instance_id": made.id, "temporal_entity_id": walk.entity("shot")}


def _in_scene(walk: Walk) -> Record:
    return create(
        ASSET_INSTANCE,
        asset_id=walk.entity("asset"),
        scene_id=walk.entity("scene"),
        name=unique("one"),
        number=next(_numbers) + 10,
    )


def _in_shot(walk: Walk) -> Mapping[str, str]:
    made = _in_scene(walk)
    answered = walk.api.post(f"/data/shots/{walk.entity('shot')}/asset-instances", {"asset_instance_id": made.id})
    assert answered.status < 300, answered.content
    return {"asset_instance_id": made.id, "shot_id": walk.entity("shot")}


def _comment(walk: Walk, **more: Any) -> Record:
    values = {"object_id": walk.id("task"), "object_type": "Task", "person_id": walk.admin.id, "text": "Words"}
    return create(COMMENT, task_status_id=walk.world.status.id, **values, **more)


def _commented(walk: Walk) -> Mapping[str, str]:
    return {"task_id": walk.id("task"), "comment_id": _comment(walk).id}


def _with_preview(walk: Walk) -> Mapping[str, str]:
    ids = _commented(walk)
    made = walk.api.post(f"/actions/tasks/{ids['task_id']}/comments/{ids['comment_id']}/add-preview", {})
    assert made.status == 201, made.content
    return {**ids, "preview_file_id": made["id"], "instance_id": made["id"]}


def _with_two_previews(walk: Walk) -> Mapping[str, str]:
    ids = _with_preview(walk)
    first = reads.get(PREVIEW_FILE, ids["preview_file_id"])
    path = f"/actions/tasks/{ids['task_id']}/comments/{ids['comment_id']}/add-preview"
    made = walk.api.post(path, {"revision": first["revision"]})
    assert made.status == 201, made.content
    return ids


def _with_movie(walk: Walk) -> Mapping[str, str]:
    task = walk.mine.task_on(walk.mine.entities["shot"], name=unique("task"))
    values = {"task_id": task.id, "person_id": walk.admin.id, "name": "x", "revision": 901, "status": "ready"}
    preview = create(PREVIEW_FILE, extension="mp4", **values)
    change(preview, stored=storage.put_files(preview, {MOVIE: b"film"}).onto(None))
    entries = [{"entity_id": walk.entity("shot"), "preview_file_id": preview.id}]
    return {"playlist_id": change(walk.mine.twin("playlist"), shots=entries).id}


def _fresh(word: str, worked_on: bool = False, parameter: str = "") -> Case:
    return Case(ids=lambda walk: {parameter or f"{word}_id": walk.fresh(word, worked_on)})


def _own(kind: Any, parameter: str, **values: Any) -> Callable[[Walk], Mapping[str, str]]:
    """A record of the administrator's."""

    def made(walk: Walk) -> Mapping[str, str]:
        return {parameter: create(kind, **{"person_id": walk.admin.id, **values}).id}

    return made


def _filter(walk: Walk) -> Mapping[str, str]:
    return _own(SEARCH_FILTER, "filter_id", name=unique("x"), list_type="asset", search_query="x")(walk)


def _group(walk: Walk) -> Mapping[str, str]:
    return _own(SEARCH_FILTER_GROUP, "filter_group_id", name=unique("x"), list_type="asset", color="#000000")(walk)


def _entry(walk: Walk) -> dict[str, Any]:
    task = walk.task()
    return {"object_id": task.id, "task_id": task.id, "task_status_id": walk.world.status.id, "comment": "Words"}


def _message(walk: Walk) -> Mapping[str, str]:
    values = {"chat_id": walk.id("chat"), "person_id": walk.admin.id, "text": "Hello"}
    return {"chat_message_id": create(CHAT_MESSAGE, **values).id, "entity_id": walk.entity("asset")}


def _join(walk: Walk) -> None:
    walk.api.post(f"/actions/user/chats/{walk.entity('asset')}/join", {})


def _notification(walk: Walk) -> Mapping[str, str]:
    ids = {"task_id": walk.id("task"), "comment_id": walk.id("comment"), "author_id": walk.world.people["mate"].id}
    return _own(NOTIFICATION, "notification_id", type="comment", **ids)(walk)


def _subscribed(walk: Walk) -> Mapping[str, str]:
    task = walk.task()
    create(SUBSCRIPTION, person_id=walk.admin.id, task_id=task.id)
    return {"task_id": task.id}


def _sequence_subscribed(walk: Walk) -> Mapping[str, str]:
    path = f"/actions/user/sequences/{walk.entity('sequence')}/task-types/{walk.world.task_type.id}/subscribe"
    walk.api.post(path, {})
    return {"sequence_id": walk.entity("sequence"), "task_type_id": walk.world.task_type.id}


def _time(walk: Walk) -> Mapping[str, str]:
    ids = {"task_id": walk.id("task"), "person_id": walk.world.people["mate"].id}
    day = f"2033-{next(_numbers) % 12 + 1:02}-05"
    made = create(TIME_SPENT, duration=30, date=day, **ids)
    return {**ids, "date": day, "instance_id": made.id}


def _descriptor(walk: Walk) -> Mapping[str, str]:
    values = {"name": unique("size"), "field_name": unique("size"), "data_type": "string", "entity_type": "Asset"}
    return {"descriptor_id": create(METADATA_DESCRIPTOR, project_id=walk.mine.id, **values).id}


def _build(walk: Walk) -> Mapping[str, str]:
    made = create(BUILD_JOB, playlist_id=walk.id("playlist"), status="succeeded", job_type="movie")
    return {"playlist_id": walk.id("playlist"), "build_job_id": made.id}


def _share(walk: Walk) -> dict[str, Any]:
    return {"is_shared": True, "asset_ids": [walk.fresh("asset")]}


def _working_file(walk: Walk) -> Mapping[str, str]:
    ids = {"task_id": walk.id("task"), "entity_id": walk.entity("asset")}
    made = create(WORKING_FILE, name=unique("main"), revision=1, **ids)
    return {"working_file_id": made.id}


def _preview(walk: Walk) -> Mapping[str, str]:
    values = {"task_id": walk.id("task"), "person_id": walk.admin.id, "name": "x", "revision": next(_numbers) + 50}
    return {"preview_file_id": create(PREVIEW_FILE, **values).id}


def _attached(walk: Walk) -> Mapping[str, str]:
    ids = _commented(walk)
    raw, headers = form_with_file("words.txt", b"words", "text/plain")
    path = f"/actions/tasks/{ids['task_id']}/comments/{ids['comment_id']}/add-attachment"
    made = walk.api.call("POST", path, raw=raw, headers=headers)
    assert made.status == 201, made.content
    return {**ids, "attachment_id": made.json[0]["id"]}


def _background(walk: Walk) -> Mapping[str, str]:
    return {"instance_id": walk.id("preview_background_file")}


_SETTINGS: Final = "POST /data/projects/{project_id}/settings"
_TASKS_OF: Final = "POST /actions/projects/{project_id}/task-types/{task_type_id}"
_TREE: Final = Case({"tree_name": "simple"})


def _treed(walk: Walk) -> None:
    walk.api.post(f"/actions/projects/{walk.mine.id}/set-file-tree", {"tree_name": "simple"})


# GET routes by which something becomes: they are looked at, too.
READS_THAT_WRITE: Final = (
    "/data/entities/{entity_id}/chat",
    "/data/projects/{project_id}/schedule-items/task-types",
    "/data/projects/{project_id}/schedule-items/{task_type_id}/asset-types",
    "/data/projects/{project_id}/schedule-items/{task_type_id}/episodes",
    "/data/projects/{project_id}/schedule-items/{task_type_id}/sequences",
    "/data/salary-scales",
    "/data/playlists/{playlist_id}/build/mp4",
    "/actions/persons/{person_id}/invite",
    "/status/test-event",
)


def _delivered(walk: Walk) -> Mapping[str, str]:
    tested = walk.api.post(f"/actions/webhooks/{walk.id('webhook')}/test", {})
    assert tested.status < 300, tested.content
    return {"delivery_id": tested["id"]}


CASES: Final[dict[str, Sequence[Case]]] = {
    "POST /data/webhooks": [Case({"name": "x", "url": "https://hooks.example.com/x", "events": ["task:new"]})],
    "POST /actions/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": [Case(ids=_delivered)],
    "GET /data/playlists/{playlist_id}/build/mp4": [Case(ids=_with_movie)],
    "GET /data/entities/{entity_id}/chat": [Case(ids=lambda w: {"entity_id": w.fresh("asset")})],
    "PUT /actions/tasks/{task_id}/assign": [
        Case(lambda w: {"person_id": w.world.people["artist"].id}, lambda w: {"task_id": w.task().id})
    ],
    "PUT /actions/persons/{person_id}/assign": [Case(lambda w: {"task_ids": [w.task(assignees=[]).id]})],
    "PUT /actions/tasks/clear-assignation": [Case(lambda w: {"task_ids": [w.task().id]})],
    "PUT /data/projects/{project_id}/entities/{entity_id}/casting": [
        Case(lambda w: [{"asset_id": w.fresh("asset"), "nb_occurences": 2}], lambda w: {"entity_id": w.entity("shot")}),
        Case(
            lambda w: [{"asset_id": w.fresh("asset"), "nb_occurences": 2}],
            lambda w: {"entity_id": w.entity("episode")},
        ),
    ],
    "PUT /data/assets/{asset_id}/casting": [Case(lambda w: [{"asset_id": w.fresh("asset"), "nb_occurences": 2}])],
    "PUT /data/time-spents/{instance_id}": [Case({"duration": 60}, _time)],
    "DELETE /data/time-spents/{instance_id}": [Case(ids=_time)],
    "PUT /data/user/filters/{filter_id}": [Case({"name": "other"}, _filter)],
    "DELETE /data/user/filters/{filter_id}": [Case(ids=_filter)],
    "PUT /data/user/filter-groups/{filter_group_id}": [Case({"name": "other"}, _group)],
    "DELETE /data/user/filter-groups/{filter_group_id}": [Case(ids=_group)],
    "POST /data/user/filters": [Case(_named(list_type="asset", query="x"))],
    "POST /data/user/filter-groups": [Case(_named(list_type="asset", color="#000000"))],
    "PUT /data/user/notifications/{notification_id}": [Case({"read": True}, _notification)],
    "POST /actions/user/notifications/mark-all-as-read": [Case(before=_notification)],
    "PUT /actions/preview-files/{preview_file_id}/update-position": [Case({"position": 2}, _with_two_previews)],
    "PUT /actions/preview-files/{preview_file_id}/update-annotations": [
        Case({"additions": [{"time": 1, "drawing": {"objects": [{"id": "x"}]}}]}, _with_preview)
    ],
    "PUT /data/projects/{project_id}/metadata-descriptors/{descriptor_id}": [
        Case(_named(data_type="string"), _descriptor)
    ],
    "DELETE /data/projects/{project_id}/metadata-descriptors/{descriptor_id}": [Case(ids=_descriptor)],
    "PUT /actions/working-files/{working_file_id}/comment": [Case({"comment": "other"}, _working_file)],
    "POST /data/scenes/{scene_id}/asset-instances": [Case(lambda w: {"asset_id": w.entity("asset")})],
    "POST /data/assets/{asset_id}/asset-asset-instances": [
        Case(lambda w: {"asset_to_instantiate_id": w.fresh("asset")})
    ],
    "POST /data/shots/{shot_id}/asset-instances": [Case(lambda w: {"asset_instance_id": _in_scene(w).id})],
    "DELETE /data/shots/{shot_id}/asset-instances/{asset_instance_id}": [Case(ids=_in_shot)],
    "POST /data/projects/{project_id}/asset-types/{asset_type_id}/assets/new": [Case(_named())],
    "POST /data/projects/{project_id}/budgets": [Case(_named())],
    "POST /data/projects/{project_id}/budgets/{budget_id}/entries": [
        Case(
            lambda w: {
                "department_id": w.id("department"),
                "start_date": "2032-01-01",
                "months_duration": 2,
                "daily_salary": 100,
                "position": "artist",
                "seniority": "junior",
            }
        )
    ],
    "POST /data/entities/{entity_id}/chat/messages": [Case({"message": "Hello"}, before=_join)],
    "DELETE /data/entities/{entity_id}/chat/messages/{chat_message_id}": [Case(ids=_message)],
    "POST /actions/tasks/{task_id}/comment": [
        Case(lambda w: {"task_status_id": w.world.status.id, "comment": "Words"}),
        Case(
            lambda w: {"task_status_id": change(w.world.status, is_client_allowed=True).id, "comment": "Of a client"},
            user="client",
        ),
    ],
    "POST /actions/projects/{project_id}/tasks/comment-many": [Case(lambda w: [_entry(w)])],
    "POST /actions/tasks/{task_id}/batch-comment": [Case(lambda w: {"comments": [_entry(w)]})],
    "POST /actions/tasks/batch-comment": [Case(lambda w: {"comments": [_entry(w)]})],
    "POST /data/tasks/{task_id}/comments/{comment_id}/reply": [Case({"text": "A reply"}, _commented)],
    "POST /data/tasks/{task_id}/comments/{comment_id}/ack": [
        Case(ids=lambda w: {"task_id": w.id("task"), "comment_id": w.id("comment")}),
        Case(ids=lambda w: {"task_id": w.id("task"), "comment_id": w.id("comment")}),
    ],
    "POST /actions/tasks/{task_id}/comments/{comment_id}/add-attachment": [
        Case(ids=_commented, file=("words.txt", b"words", "text/plain"))
    ],
    "DELETE /data/tasks/{task_id}/comments/{comment_id}/attachments/{attachment_id}": [Case(ids=_attached)],
    "POST /data/projects/{project_id}/concepts": [Case(_named())],
    "POST /import/csv/persons": [
        Case(file=_csv(("First Name", "Last Name", "Email"), ("Table", "Person", "table@example.com")))
    ],
    "POST /import/csv/projects/{project_id}/assets": [
        Case(file=_csv(("Type", "Name", "Description"), ("Lamp", "Table fox", ""))),
        Case(file=_csv(("Type", "Name", "Description"), ("Lamp", "Table fox", "Red")), query={"update": "true"}),
    ],
    "POST /import/csv/projects/{project_id}/shots": [
        Case(file=_csv(("Sequence", "Name", "Description"), ("SQ77", "SH77", "")))
    ],
    "POST /import/csv/projects/{project_id}/edits": [Case(file=_csv(("Name", "Description"), ("Table edit", "")))],
    "POST /import/csv/projects/{project_id}/casting": [
        Case(
            file=_csv(
                ("Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"),
                ("SQ77", "SH77", "Lamp", "Table fox", 1, ""),
            ),
        )
    ],
    "POST /import/otio/projects/{project_id}": [
        Case(
            file=("cut.edl", edl([("SQ88_SH88", 0, 24)]), "text/plain"),
            form={"naming_convention": "${sequence_name}_${shot_name}"},
        )
    ],
    "POST /data/projects/{project_id}/edits": [Case(_named())],
    "POST /data/projects/{project_id}/episodes": [Case(_named())],
    "POST /data/projects/{project_id}/scenes": [
        Case(lambda w: {"name": unique("s"), "sequence_id": w.entity("sequence")})
    ],
    "POST /data/projects/{project_id}/sequences": [Case(_named())],
    "POST /data/projects/{project_id}/shots": [
        Case(lambda w: {"name": unique("s"), "sequence_id": w.entity("sequence")})
    ],
    "POST /actions/projects/{project_id}/set-file-tree": [_TREE],
    **{
        f"POST /import/kitsu/{one}": [Case(lambda w, one=one: _kitsu(w, one))]
        for one in ("projects", "entities", "entity-links", "tasks", "comments")
    },
    "POST /data/entities/{entity_id}/output-files/new": [Case(_output)],
    "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-files/new": [
        Case(_output, _standing, before=_treed)
    ],
    "POST /actions/persons/{person_id}/change-password": [
        Case({"password": "otherpassword", "password_2": "otherpassword"})
    ],
    "POST /actions/persons/{person_id}/departments/add": [
        Case(lambda w: {"department_id": w.world.departments["Editing"].id})
    ],
    "DELETE /actions/persons/{person_id}/departments/{department_id}": [
        Case(ids=lambda w: {"department_id": w.world.departments["Editing"].id})
    ],
    "POST /pictures/preview-files/{instance_id}": [Case(ids=_with_preview, file=PNG)],
    **{
        f"POST /pictures/thumbnails/{one}/{{instance_id}}{end}": [Case(file=PNG)]
        for one in ("persons", "organisations", "projects")
        for end in ("", ".png")
    },
    "POST /pictures/preview-background-files/{instance_id}": [
        Case(ids=_background, file=("sky.hdr", hdr(), "application/octet-stream"))
    ],
    "POST /actions/playlists/{playlist_id}/add-entity": [Case(lambda w: {"entity_id": w.entity("shot")})],
    f"{_SETTINGS}/asset-types": [Case(lambda w: {"asset_type_id": w.world.entity_types["Lamp"].id})],
    f"{_SETTINGS}/task-types": [Case(lambda w: {"task_type_id": w.world.task_type.id})],
    f"{_SETTINGS}/task-status": [Case(lambda w: {"task_status_id": w.world.status.id})],
    f"{_SETTINGS}/status-automations": [Case(lambda w: {"status_automation_id": w.id("status_automation")})],
    f"{_SETTINGS}/preview-background-files": [
        Case(lambda w: {"preview_background_file_id": w.id("preview_background_file")})
    ],
    "POST /data/projects/{project_id}/team": [Case(lambda w: {"person_id": w.mine.twin("person").id})],
    "POST /data/projects/{project_id}/metadata-descriptors": [Case(_named(data_type="string", entity_type="Asset"))],
    "POST /data/scenes/{scene_id}/shots": [Case(lambda w: {"shot_id": w.entity("shot")})],
    "DELETE /data/scenes/{scene_id}/shots/{shot_id}": [Case()],
    "POST /actions/assets/share": [Case(_share)],
    "POST /actions/projects/{project_id}/assets/share": [Case(_share)],
    **{f"POST /import/shotgun/{one}": [_shotgun(one)] for one in EVERYTHING},
    "POST /import/shotgun/remove/asset": [_removed("asset", "assets")],
    "POST /import/shotgun/remove/episode": [_removed("episode", "episodes")],
    "POST /import/shotgun/remove/note": [_removed("note", "notes")],
    "POST /import/shotgun/remove/person": [_removed("person", "persons")],
    "POST /import/shotgun/remove/project": [_removed("project", "projects")],
    "POST /import/shotgun/remove/projectconnection": [Case({"id": 900, "type": "Projectconnection"})],
    "POST /import/shotgun/remove/scene": [_removed("scene", "scenes")],
    "POST /import/shotgun/remove/sequence": [_removed("sequence", "sequences")],
    "POST /import/shotgun/remove/shot": [_removed("shot", "shots")],
    "POST /import/shotgun/remove/status": [_removed("status", "status")],
    "POST /import/shotgun/remove/step": [_removed("step", "steps")],
    "POST /import/shotgun/remove/task": [_removed("task", "tasks", cached_display_name="Animation other")],
    "POST /import/shotgun/remove/version": [_removed("version", "versions")],
    f"{_TASKS_OF}/set-shot-nb-frames": [Case(before=_filmed)],
    "PUT /data/entity-links/{instance_id}": [Case({"nb_occurences": 3}, _link)],
    "DELETE /data/projects/{instance_id}": [Case(ids=_closed)],
    "DELETE /data/schedule-items/{instance_id}": [Case(ids=_schedule_item)],
    "DELETE /data/preview-background-files/{instance_id}": [
        Case(ids=lambda w: {"instance_id": w.mine.twin("preview_background_file").id})
    ],
    "DELETE /actions/persons/{person_id}/disable-two-factor-authentication": [
        Case(before=lambda w: change(w.world.people["mate"], totp_enabled=True))
    ],
    "DELETE /actions/projects/{project_id}/task-types/{task_type_id}/delete-tasks": [Case(ids=_of_another_type)],
    "POST /actions/user/chats/{entity_id}/join": [Case(ids=lambda w: {"entity_id": w.fresh("asset")})],
    "POST /data/preview-files/{preview_file_id}/upload/complete": [
        _begun("/data/preview-files/{}/upload", "preview_file_id", _with_preview, PREVIEW_FILE)
    ],
    "POST /data/working-files/{working_file_id}/upload/complete": [
        _begun("/data/working-files/{}/upload", "working_file_id", _working_file, WORKING_FILE)
    ],
    "POST /import/csv/projects/{project_id}/task-types/{task_type_id}/estimations": [
        Case(file=_csv(("Parent", "Entity", "Estimation"), ("Lamp", "Mine asset", 2)))
    ],
    "POST /import/csv/projects/{project_id}/episodes/{episode_id}/task-types/{task_type_id}/estimations": [
        Case(file=_csv(("Parent", "Entity", "Estimation"), ("Lamp", "Episodic", 3)), before=_episodic)
    ],
    "POST /import/otio/projects/{project_id}/episodes/{episode_id}": [
        Case(
            file=("cut.edl", edl([("SQ89_SH89", 0, 24)]), "text/plain"),
            form={"naming_convention": "${sequence_name}_${shot_name}"},
        )
    ],
    "POST /data/entities/{entity_id}/output-file-path": [Case(_output, before=_treed)],
    "POST /data/entities/{entity_id}/output-files/next-revision": [Case(_output)],
    "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-file-path": [
        Case(_output, _standing, before=_treed)
    ],
    "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-files/next-revision": [
        Case(_output, _standing)
    ],
    "POST /data/search": [Case({"query": "lamp"})],
    "POST /data/entities/guess_from_path": [
        Case(lambda w: {"project_id": w.mine.id, "file_path": "/x/y"}, before=_treed)
    ],
    f"{_TASKS_OF}/assets/create-tasks": [Case(lambda w: [w.fresh("asset")])],
    f"{_TASKS_OF}/shots/create-tasks": [Case(lambda w: [w.fresh("shot")])],
    f"{_TASKS_OF}/edits/create-tasks": [Case(lambda w: [w.fresh("edit")])],
    f"{_TASKS_OF}/concepts/create-tasks": [Case(lambda w: [w.fresh("concept")])],
    f"{_TASKS_OF}/create-tasks/{{entity_type}}/": [Case(lambda w: [w.fresh("asset")])],
    "POST /actions/projects/{project_id}/delete-tasks": [Case(lambda w: [w.task().id])],
    "POST /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}": [Case({"duration": 30})],
    "POST /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}/add": [Case({"duration": 30})],
    "DELETE /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}": [Case(ids=_time)],
    "POST /data/preview-files/{preview_file_id}/upload": [Case({"filename": "a.png", "size": 100}, _with_preview)],
    "POST /data/tasks/{task_id}/working-file-path": [Case({"name": "main"}, before=_treed)],
    "POST /data/tasks/{task_id}/working-files/new": [Case(lambda w: {"name": unique("main")}, before=_treed)],
    "POST /data/working-files/{working_file_id}/file": [
        Case(ids=_working_file, file=("scene.blend", b"BLENDER", "application/octet-stream"))
    ],
    "POST /data/working-files/{working_file_id}/upload": [Case({"filename": "a.blend", "size": 100}, _working_file)],
    **{
        f"DELETE /data/{word}s/{{{word}_id}}": [_fresh(word), _fresh(word, worked_on=True)]
        for word in ("asset", "concept", "edit", "scene", "shot")
    },
    **{f"DELETE /data/{word}s/{{{word}_id}}": [_fresh(word)] for word in ("episode", "sequence")},
    "DELETE /data/playlists/{playlist_id}/jobs/{build_job_id}": [Case(ids=_build)],
    "DELETE /actions/tasks/{task_id}/comments/{comment_id}/preview-files/{preview_file_id}": [Case(ids=_with_preview)],
    "DELETE /actions/user/tasks/{task_id}/unsubscribe": [Case(ids=_subscribed)],
    "DELETE /actions/user/sequences/{sequence_id}/task-types/{task_type_id}/unsubscribe": [
        Case(ids=_sequence_subscribed)
    ],
}
