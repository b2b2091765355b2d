"""Every route that writes, called so that it writes: what its path names, what is sent, as whom.

A route without a line is asked as the matrix of access asks it (requests.py); a new record gets what its kind needs.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from chalicelib.domain.registry import ALL
from chalicelib.http.call import Route
from chalicelib.records.files import PREVIEW_FILE, WORKING_FILE
from infra.local.inside import Answered, form_with_file
from tests.access.requests import body_of, parameters, path_of
from tests.access.studio import unique
from tests.access.table import GENERIC
from tests.access.walk import Case, Walk
from tests.access.write_subjects import (
    NEEDED,
    PNG,
    SETTINGS,
    TASKS_OF,
    TREE,
    attached,
    background,
    begun,
    build,
    closed,
    commented,
    csv_file,
    delivered,
    descriptor,
    entry,
    episodic,
    filmed,
    filter_group,
    fresh,
    in_scene,
    in_shot,
    join,
    kitsu,
    link,
    message,
    named,
    needed,
    noted_time,
    notification,
    of_another_type,
    output,
    removed,
    saved_filter,
    schedule_item,
    sequence_subscribed,
    share,
    shotgun,
    standing,
    subscribed,
    treed,
    with_movie,
    with_preview,
    with_two_previews,
    working_file,
)
from tests.unit.files.test_avatars import hdr
from tests.unit.interchange.cuts import edl
from tests.unit.interchange.shotgun.entries import EVERYTHING
from tests.unit.tasks.stage import change

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

CASES: Final[dict[str, Sequence[Case]]] = {
    "POST /data/webhooks": [Case({"name": "x", "url": "https://hooks.example.com/x", "events": ["task:new"]})],
    "POST /actions/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": [Case(ids=delivered)],
    "GET /data/playlists/{playlist_id}/build/mp4": [Case(ids=with_movie)],
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
    "PUT /data/time-spents/{instance_id}": [Case({"duration": 60}, noted_time)],
    "DELETE /data/time-spents/{instance_id}": [Case(ids=noted_time)],
    "PUT /data/user/filters/{filter_id}": [Case({"name": "other"}, saved_filter)],
    "DELETE /data/user/filters/{filter_id}": [Case(ids=saved_filter)],
    "PUT /data/user/filter-groups/{filter_group_id}": [Case({"name": "other"}, filter_group)],
    "DELETE /data/user/filter-groups/{filter_group_id}": [Case(ids=filter_group)],
    "POST /data/user/filters": [Case(named(list_type="asset", query="x"))],
    "POST /data/user/filter-groups": [Case(named(list_type="asset", color="#000000"))],
    "PUT /data/user/notifications/{notification_id}": [Case({"read": True}, notification)],
    "POST /actions/user/notifications/mark-all-as-read": [Case(before=notification)],
    "PUT /actions/preview-files/{preview_file_id}/update-position": [Case({"position": 2}, with_two_previews)],
    "PUT /actions/preview-files/{preview_file_id}/update-annotations": [
        Case({"additions": [{"time": 1, "drawing": {"objects": [{"id": "x"}]}}]}, with_preview)
    ],
    "PUT /data/projects/{project_id}/metadata-descriptors/{descriptor_id}": [
        Case(named(data_type="string"), descriptor)
    ],
    "DELETE /data/projects/{project_id}/metadata-descriptors/{descriptor_id}": [Case(ids=descriptor)],
    "PUT /actions/working-files/{working_file_id}/comment": [Case({"comment": "other"}, working_file)],
    "POST /data/scenes/{scene_id}/asset-instances": [Case(lambda w: {"asset_id": w.entity("asset")})],
    "POST /data/assets/{asset_id}/asset-asset-instances": [
        Case(lambda w: {"asset_to_instantiate_id": w.fresh("asset")})
    ],
    "POST /data/shots/{shot_id}/asset-instances": [Case(lambda w: {"asset_instance_id": in_scene(w).id})],
    "DELETE /data/shots/{shot_id}/asset-instances/{asset_instance_id}": [Case(ids=in_shot)],
    "POST /data/projects/{project_id}/asset-types/{asset_type_id}/assets/new": [Case(named())],
    "POST /data/projects/{project_id}/budgets": [Case(named())],
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
    "POST /data/entities/{entity_id}/chat/messages": [Case({"message": "Hello"}, before=join)],
    "DELETE /data/entities/{entity_id}/chat/messages/{chat_message_id}": [Case(ids=message)],
    "POST /actions/tasks/{task_id}/comment": [
        Case(lambda w: {"task_status_id": w.world.status.id, "comment": "Words"}),
        Case(
            lambda w: {"task_status_id": change(w.world.status, is_client_allowed=True).id, "comment": "Of a client"},
            user="client",
        ),
    ],
    "POST /actions/projects/{project_id}/tasks/comment-many": [Case(lambda w: [entry(w)])],
    "POST /actions/tasks/{task_id}/batch-comment": [Case(lambda w: {"comments": [entry(w)]})],
    "POST /actions/tasks/batch-comment": [Case(lambda w: {"comments": [entry(w)]})],
    "POST /data/tasks/{task_id}/comments/{comment_id}/reply": [Case({"text": "A reply"}, commented)],
    "POST /data/tasks/{task_id}/comments/{comment_id}/ack": [
        Case(ids=lambda w: {"task_id": w.id("task"), "comment_id": w.id("comment")}),
        Case(ids=lambda w: {"task_id": w.id("task"), "comment_id": w.id("comment")}),
    ],
    "POST /actions/tasks/{task_id}/comments/{comment_id}/add-attachment": [
        Case(ids=commented, file=("words.txt", b"words", "text/plain"))
    ],
    "DELETE /data/tasks/{task_id}/comments/{comment_id}/attachments/{attachment_id}": [Case(ids=attached)],
    "POST /data/projects/{project_id}/concepts": [Case(named())],
    "POST /import/csv/persons": [
        Case(file=csv_file(("First Name", "Last Name", "Email"), ("Table", "Person", "table@example.com")))
    ],
    "POST /import/csv/projects/{project_id}/assets": [
        Case(file=csv_file(("Type", "Name", "Description"), ("Lamp", "Table fox", ""))),
        Case(file=csv_file(("Type", "Name", "Description"), ("Lamp", "Table fox", "Red")), query={"update": "true"}),
    ],
    "POST /import/csv/projects/{project_id}/shots": [
        Case(file=csv_file(("Sequence", "Name", "Description"), ("SQ77", "SH77", "")))
    ],
    "POST /import/csv/projects/{project_id}/edits": [Case(file=csv_file(("Name", "Description"), ("Table edit", "")))],
    "POST /import/csv/projects/{project_id}/casting": [
        Case(
            file=csv_file(
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
    "POST /data/projects/{project_id}/edits": [Case(named())],
    "POST /data/projects/{project_id}/episodes": [Case(named())],
    "POST /data/projects/{project_id}/scenes": [
        Case(lambda w: {"name": unique("s"), "sequence_id": w.entity("sequence")})
    ],
    "POST /data/projects/{project_id}/sequences": [Case(named())],
    "POST /data/projects/{project_id}/shots": [
        Case(lambda w: {"name": unique("s"), "sequence_id": w.entity("sequence")})
    ],
    "POST /actions/projects/{project_id}/set-file-tree": [TREE],
    **{
        f"POST /import/kitsu/{one}": [Case(lambda w, one=one: kitsu(w, one))]
        for one in ("projects", "entities", "entity-links", "tasks", "comments")
    },
    "POST /data/entities/{entity_id}/output-files/new": [Case(output)],
    "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-files/new": [
        Case(output, standing, before=treed)
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
    "POST /pictures/preview-files/{instance_id}": [Case(ids=with_preview, file=PNG)],
    **{
        f"POST /pictures/thumbnails/{one}/{{instance_id}}{end}": [Case(file=PNG)]
        for one in ("persons", "organisations", "projects")
        for end in ("", ".png")
    },
    "POST /pictures/preview-background-files/{instance_id}": [
        Case(ids=background, file=("sky.hdr", hdr(), "application/octet-stream"))
    ],
    "POST /actions/playlists/{playlist_id}/add-entity": [Case(lambda w: {"entity_id": w.entity("shot")})],
    f"{SETTINGS}/asset-types": [Case(lambda w: {"asset_type_id": w.world.entity_types["Lamp"].id})],
    f"{SETTINGS}/task-types": [Case(lambda w: {"task_type_id": w.world.task_type.id})],
    f"{SETTINGS}/task-status": [Case(lambda w: {"task_status_id": w.world.status.id})],
    f"{SETTINGS}/status-automations": [Case(lambda w: {"status_automation_id": w.id("status_automation")})],
    f"{SETTINGS}/preview-background-files": [
        Case(lambda w: {"preview_background_file_id": w.id("preview_background_file")})
    ],
    "POST /data/projects/{project_id}/team": [Case(lambda w: {"person_id": w.mine.twin("person").id})],
    "POST /data/projects/{project_id}/metadata-descriptors": [Case(named(data_type="string", entity_type="Asset"))],
    "POST /data/scenes/{scene_id}/shots": [Case(lambda w: {"shot_id": w.entity("shot")})],
    "DELETE /data/scenes/{scene_id}/shots/{shot_id}": [Case()],
    "POST /actions/assets/share": [Case(share)],
    "POST /actions/projects/{project_id}/assets/share": [Case(share)],
    **{f"POST /import/shotgun/{one}": [shotgun(one)] for one in EVERYTHING},
    "POST /import/shotgun/remove/asset": [removed("asset", "assets")],
    "POST /import/shotgun/remove/episode": [removed("episode", "episodes")],
    "POST /import/shotgun/remove/note": [removed("note", "notes")],
    "POST /import/shotgun/remove/person": [removed("person", "persons")],
    "POST /import/shotgun/remove/project": [removed("project", "projects")],
    "POST /import/shotgun/remove/projectconnection": [Case({"id": 900, "type": "Projectconnection"})],
    "POST /import/shotgun/remove/scene": [removed("scene", "scenes")],
    "POST /import/shotgun/remove/sequence": [removed("sequence", "sequences")],
    "POST /import/shotgun/remove/shot": [removed("shot", "shots")],
    "POST /import/shotgun/remove/status": [removed("status", "status")],
    "POST /import/shotgun/remove/step": [removed("step", "steps")],
    "POST /import/shotgun/remove/task": [removed("task", "tasks", cached_display_name="Animation other")],
    "POST /import/shotgun/remove/version": [removed("version", "versions")],
    f"{TASKS_OF}/set-shot-nb-frames": [Case(before=filmed)],
    "PUT /data/entity-links/{instance_id}": [Case({"nb_occurences": 3}, link)],
    "DELETE /data/projects/{instance_id}": [Case(ids=closed)],
    "DELETE /data/schedule-items/{instance_id}": [Case(ids=schedule_item)],
    "DELETE /data/preview-background-files/{instance_id}": [
        Case(ids=lambda w: {"instance_id": w.mine.twin("preview_background_file").id})
    ],
    "DELETE /actions/persons/{person_id}/disable-two-factor-authentication": [
        Case(before=lambda w: change(w.world.people["mate"], totp_enabled=True))
    ],
    "DELETE /actions/projects/{project_id}/task-types/{task_type_id}/delete-tasks": [Case(ids=of_another_type)],
    "POST /actions/user/chats/{entity_id}/join": [Case(ids=lambda w: {"entity_id": w.fresh("asset")})],
    "POST /data/preview-files/{preview_file_id}/upload/complete": [
        begun("/data/preview-files/{}/upload", "preview_file_id", with_preview, PREVIEW_FILE)
    ],
    "POST /data/working-files/{working_file_id}/upload/complete": [
        begun("/data/working-files/{}/upload", "working_file_id", working_file, WORKING_FILE)
    ],
    "POST /import/csv/projects/{project_id}/task-types/{task_type_id}/estimations": [
        Case(file=csv_file(("Parent", "Entity", "Estimation"), ("Lamp", "Mine asset", 2)))
    ],
    "POST /import/csv/projects/{project_id}/episodes/{episode_id}/task-types/{task_type_id}/estimations": [
        Case(file=csv_file(("Parent", "Entity", "Estimation"), ("Lamp", "Episodic", 3)), before=episodic)
    ],
    "POST /import/otio/projects/{project_id}/episodes/{episode_id}": [
        Case(
            file=("cut.edl", edl([("SQ89_SH89", 0, 24)]), "text/plain"),
            form={"naming_convention": "${sequence_name}_${shot_name}"},
        )
    ],
    "POST /data/entities/{entity_id}/output-file-path": [Case(output, before=treed)],
    "POST /data/entities/{entity_id}/output-files/next-revision": [Case(output)],
    "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-file-path": [
        Case(output, standing, before=treed)
    ],
    "POST /data/asset-instances/{asset_instance_id}/entities/{temporal_entity_id}/output-files/next-revision": [
        Case(output, standing)
    ],
    "POST /data/search": [Case({"query": "lamp"})],
    "POST /data/entities/guess_from_path": [
        Case(lambda w: {"project_id": w.mine.id, "file_path": "/x/y"}, before=treed)
    ],
    f"{TASKS_OF}/assets/create-tasks": [Case(lambda w: [w.fresh("asset")])],
    f"{TASKS_OF}/shots/create-tasks": [Case(lambda w: [w.fresh("shot")])],
    f"{TASKS_OF}/edits/create-tasks": [Case(lambda w: [w.fresh("edit")])],
    f"{TASKS_OF}/concepts/create-tasks": [Case(lambda w: [w.fresh("concept")])],
    f"{TASKS_OF}/create-tasks/{{entity_type}}/": [Case(lambda w: [w.fresh("asset")])],
    "POST /actions/projects/{project_id}/delete-tasks": [Case(lambda w: [w.task().id])],
    "POST /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}": [Case({"duration": 30})],
    "POST /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}/add": [Case({"duration": 30})],
    "DELETE /actions/tasks/{task_id}/time-spents/{date}/persons/{person_id}": [Case(ids=noted_time)],
    "POST /data/preview-files/{preview_file_id}/upload": [Case({"filename": "a.png", "size": 100}, with_preview)],
    "POST /data/tasks/{task_id}/working-file-path": [Case({"name": "main"}, before=treed)],
    "POST /data/tasks/{task_id}/working-files/new": [Case(lambda w: {"name": unique("main")}, before=treed)],
    "POST /data/working-files/{working_file_id}/file": [
        Case(ids=working_file, file=("scene.blend", b"BLENDER", "application/octet-stream"))
    ],
    "POST /data/working-files/{working_file_id}/upload": [Case({"filename": "a.blend", "size": 100}, working_file)],
    **{
        f"DELETE /data/{word}s/{{{word}_id}}": [fresh(word), fresh(word, worked_on=True)]
        for word in ("asset", "concept", "edit", "scene", "shot")
    },
    **{f"DELETE /data/{word}s/{{{word}_id}}": [fresh(word)] for word in ("episode", "sequence")},
    "DELETE /data/playlists/{playlist_id}/jobs/{build_job_id}": [Case(ids=build)],
    "DELETE /actions/tasks/{task_id}/comments/{comment_id}/preview-files/{preview_file_id}": [Case(ids=with_preview)],
    "DELETE /actions/user/tasks/{task_id}/unsubscribe": [Case(ids=subscribed)],
    "DELETE /actions/user/sequences/{sequence_id}/task-types/{task_type_id}/unsubscribe": [
        Case(ids=sequence_subscribed)
    ],
}


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
    body |= {**NEEDED.get(kind.name, {}), **needed(walk).get(kind.name, {})}
    return walk.asked("POST", route.path, body)
