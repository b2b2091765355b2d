"""The generic records of files: who sees and changes which.

Source: docs/contract/production.md section 3, docs/contract/files.md.
"""

from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.files.attachments import key_of
from chalicelib.domain.registry import ALL
from chalicelib.errors import Duplicate, Forbidden, Invalid
from chalicelib.records.files import (
    ATTACHMENT_FILE,
    BUILD_JOB,
    FILE_STATUS,
    OUTPUT_FILE,
    OUTPUT_TYPE,
    PLAYLIST,
    PREVIEW_FILE,
    SOFTWARE,
    WORKING_FILE,
)
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import objects, reads, session
from tests.unit.files.conftest import Stage, Studio, change, create


def collection(record: Record) -> Collection:
    return ALL[record.kind.table]


class Files:
    """One record of each kind, on the shot that the artist works on."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.callers = {name: Caller(person) for name, person in stage.people.items()}
        self.software = create(SOFTWARE, name="Blender", short_name="bl", file_extension=".blend")
        task, entity = stage.animation, stage.shot
        self.preview = create(PREVIEW_FILE, name="turn", task_id=task.id)
        self.working = create(WORKING_FILE, name="main", revision=1, task_id=task.id, entity_id=entity.id)
        status = create(FILE_STATUS, name="To review", color="#FFFFFF")
        cache = create(OUTPUT_TYPE, name="Cache", short_name="cache")
        self.output = create(
            OUTPUT_FILE,
            name="main",
            revision=1,
            entity_id=entity.id,
            file_status_id=status.id,
            output_type_id=cache.id,
            source_file_id=self.working.id,
        )
        self.playlist = create(PLAYLIST, name="Dailies", project_id=stage.project.id)
        comment = stage.comment_on(task)
        self.attachment = create(ATTACHMENT_FILE, name="notes.txt", extension="txt", comment_id=comment.id)

    def listed(self, record: Record, who: str, **query: str) -> list[str]:
        rows = collection(record).list(self.callers[who], query)
        return [Collection.find(collection(record), found(row)).id for row in rows]  # type: ignore[union-attr]


def found(row: Any) -> str:
    import msgspec

    value = msgspec.json.decode(row) if isinstance(row, msgspec.Raw) else row
    return str(value["id"])


@pytest.fixture
def files(stage: Stage) -> Files:
    return Files(stage)


@pytest.mark.parametrize("kind", ["preview", "working", "output", "playlist"])
@pytest.mark.parametrize("who", ["admin", "manager", "user"])
def test_members_find_what_their_production_has(files: Files, kind: str, who: str) -> None:
    record = getattr(files, kind)
    assert files.listed(record, who) == [record.id]


@pytest.mark.parametrize("kind", ["preview", "working", "output", "playlist"])
@pytest.mark.parametrize("asked", ["none", "id", "beside"])
def test_strangers_find_nothing_whatever_they_ask_for(files: Files, kind: str, asked: str) -> None:
    record = getattr(files, kind)
    beside = record.kind.home.beside or record.kind.home.owners
    query = {"none": {}, "id": {"id": record.id}, "beside": {beside[0]: record[beside[0]]}}[asked]
    assert files.listed(record, "admin", **query) == [record.id]
    assert files.listed(record, "stranger", **query) == []


@pytest.mark.parametrize("kind", ["working", "output", "attachment"])
def test_vendors_list_none_of_these(files: Files, kind: str) -> None:
    with pytest.raises(Forbidden):
        files.listed(getattr(files, kind), "vendor")


def test_vendors_find_no_playlists(files: Files) -> None:
    assert files.listed(files.playlist, "vendor") == []


def test_vendors_find_the_previews_of_their_tasks(files: Files) -> None:
    assert files.listed(files.preview, "vendor") == []
    mine = create(PREVIEW_FILE, name="mine", task_id=files.stage.modeling.id)
    assert files.listed(files.preview, "vendor") == [mine.id]
    PREVIEWS.may_read(files.callers["vendor"], mine)
    with pytest.raises(Forbidden):
        PREVIEWS.may_read(files.callers["vendor"], files.preview)


PREVIEWS = ALL["preview_file"]


def test_closed_productions_keep_their_working_files_in_lists(files: Files) -> None:
    change(files.stage.project, project_status_id=None)
    assert files.listed(files.working, "user") == [files.working.id]
    assert files.listed(files.output, "user") == []


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        ("preview", {"admin", "manager", "user"}),
        ("working", {"admin", "manager", "supervisor", "user", "client"}),
        ("output", {"admin", "manager", "user"}),
        ("playlist", {"admin", "manager", "supervisor"}),
        ("attachment", {"admin"}),
    ],
)
def test_who_may_change_them(files: Files, kind: str, may: set[str]) -> None:
    record = getattr(files, kind)
    allowed = set()
    for who, caller in files.callers.items():
        try:
            collection(record).may_change(caller, record, {"name": "other"})
        except Forbidden:
            continue
        allowed.add(who)
    assert allowed == may


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        ("preview", {"admin", "manager"}),
        ("working", {"admin"}),
        ("output", {"admin"}),
        ("playlist", {"admin", "manager", "supervisor"}),
        ("attachment", {"admin"}),
    ],
)
def test_who_may_delete_them(files: Files, kind: str, may: set[str]) -> None:
    record = getattr(files, kind)
    allowed = set()
    for who, caller in files.callers.items():
        try:
            collection(record).may_delete(caller, record)
        except Forbidden:
            continue
        allowed.add(who)
    assert allowed == may


def test_an_attachment_is_for_those_whom_its_comment_is_for(files: Files) -> None:
    attachments = ALL["attachment_file"]
    attachments.may_read(files.callers["manager"], files.attachment)
    for who in ("client", "vendor", "stranger"):
        with pytest.raises(Forbidden):
            attachments.may_read(files.callers[who], files.attachment)


def test_an_attachment_shows_its_comment(files: Files) -> None:
    row = ALL["attachment_file"].read(files.callers["admin"], files.attachment, {})
    assert b"Here it is" in bytes(row["comment"])
    assert row["chat_message"] is None


def test_a_deleted_attachment_leaves_its_comment_and_the_bucket(files: Files, bucket: str) -> None:
    attachments = ALL["attachment_file"]
    body = {"name": "hand.txt", "comment_id": files.attachment["comment_id"]}
    made = attachments.create(files.callers["admin"], body)
    comment = files.stage.comment.kind
    assert reads.get(comment, made["comment_id"]).get("attached") == [made.id]
    objects.put(key_of(made), b"text")
    attachments.delete(files.callers["admin"], made, {})
    assert reads.get(comment, made["comment_id"]).get("attached") == []
    assert objects.get(key_of(made)) is None


def test_a_working_file_knows_its_outputs(files: Files) -> None:
    row = ALL["working_file"].read(files.callers["user"], files.working, {})
    assert row["outputs"] == [files.output.id]


def test_an_output_file_shows_the_working_file_it_was_made_from(files: Files) -> None:
    row = ALL["output_file"].read(files.callers["user"], files.output, {})
    assert files.working.id.encode() in bytes(row["source_file"])


def test_a_working_file_is_one_of_its_name_and_revision(files: Files) -> None:
    body = {"name": "main", "revision": 1, "task_id": files.stage.animation.id, "entity_id": files.stage.shot.id}
    with pytest.raises(Duplicate):
        ALL["working_file"].create(files.callers["admin"], body)


def test_a_preview_stays_in_its_production(files: Files) -> None:
    elsewhere = create(PROJECT, name="Other")
    entity = create(
        files.stage.lama.kind, name="A", project_id=elsewhere.id, entity_type_id=files.stage.types["Shot"].id
    )
    task = create(files.stage.modeling.kind, name="main", project_id=elsewhere.id, entity_id=entity.id)
    admin = files.callers["admin"]
    with pytest.raises(Invalid):
        PREVIEWS.change(admin, files.preview, {"task_id": task.id})
    moved = PREVIEWS.change(admin, files.preview, {"task_id": files.stage.modeling.id})
    assert moved["task_id"] == files.stage.modeling.id


def test_a_playlist_holds_what_is_of_its_production(files: Files) -> None:
    elsewhere = create(PROJECT, name="Other")
    foreign = create(
        files.stage.lama.kind, name="A", project_id=elsewhere.id, entity_type_id=files.stage.types["Shot"].id
    )
    playlists, manager = ALL["playlist"], files.callers["manager"]
    mine = {"entity_id": files.stage.shot.id, "preview_file_id": files.preview.id}
    for shots in ([{**mine, "entity_id": foreign.id}], [mine, {**mine, "preview_file_id": foreign.id.upper()}]):
        with pytest.raises(Invalid):
            playlists.change(manager, files.playlist, {"shots": shots})
        with pytest.raises(Invalid):
            playlists.create(manager, {"name": "More", "project_id": files.stage.project.id, "shots": shots})
    unknown = {"entity_id": "", "preview_file_id": "00000000-0000-4000-8000-000000000000"}
    assert playlists.change(manager, files.playlist, {"shots": [mine, unknown]})["shots"] == [mine, unknown]


def test_other_validations_than_the_three_are_refused(files: Files) -> None:
    with pytest.raises(Invalid):
        PREVIEWS.change(files.callers["manager"], files.preview, {"validation_status": "perhaps"})


def test_a_broken_preview_tells_why_where_it_is_read_alone(api: Studio, stage: Stage) -> None:
    preview = api.slot()
    api.send(preview, "text.png", b"no picture")
    row = PREVIEWS.read(Caller(stage.people["user"]), stage.preview(preview["id"]), {})
    assert row["failure"].startswith("The file is not a whole")


def test_a_playlist_is_made_by_supervisors_of_its_production(files: Files) -> None:
    playlists, body = ALL["playlist"], {"name": "Review", "project_id": files.stage.project.id}
    made = playlists.create(files.callers["supervisor"], {**body, "episode_id": "all", "task_type_id": ""})
    assert (made["episode_id"], made["task_type_id"]) == (None, None)
    for who in ("user", "client", "stranger"):
        with pytest.raises(Forbidden):
            playlists.create(files.callers[who], body)
    for project_id in (None, "nothing", files.playlist.id):
        with pytest.raises(Invalid):
            playlists.create(files.callers["admin"], {"name": "Lost", "project_id": project_id})


def test_entries_of_a_playlist_keep_what_counts(files: Files) -> None:
    shots = [
        {"id": "shot", "preview_file_id": "one", "name": "SH010"},
        {"entity_id": "other"},
        {"preview_file_id": "two"},
    ]
    changed = ALL["playlist"].change(files.callers["manager"], files.playlist, {"shots": shots})
    assert changed["shots"] == [
        {"entity_id": "shot", "preview_file_id": "one"},
        {"entity_id": "", "preview_file_id": "two"},
    ]


def test_clients_see_the_playlists_for_them(files: Files) -> None:
    playlists, client = ALL["playlist"], files.callers["client"]
    assert files.listed(files.playlist, "client") == []
    with pytest.raises(Forbidden):
        playlists.may_read(client, files.playlist)
    shown = change(files.playlist, for_client=True)
    playlists.may_read(client, shown)
    playlists.may_change(client, shown, {"id": shown.id})
    with pytest.raises(Forbidden):
        playlists.may_change(client, shown, {"name": "Mine"})


def test_a_playlist_takes_its_builds_along(files: Files) -> None:
    job = create(BUILD_JOB, playlist_id=files.playlist.id)
    row = ALL["playlist"].read(files.callers["user"], files.playlist, {})
    assert row["build_jobs"] == [job.id]
    ALL["playlist"].delete(files.callers["supervisor"], files.playlist, {})
    assert reads.find(BUILD_JOB, job.id) is None
    told = [one for one in files.stage.events() if one["name"].split(":")[0] in ("playlist", "build-job")]
    assert [one["name"] for one in told] == ["build-job:delete", "playlist:delete"]


def test_the_end_of_a_playlist_names_nobody(files: Files) -> None:
    with session.opened(files.callers["supervisor"].id):
        ALL["playlist"].delete(files.callers["supervisor"], files.playlist, {})
    (told,) = files.stage.events("playlist:delete")
    assert (told["user_id"], told["data"]["playlist_id"]) == (None, files.playlist.id)


def test_a_preview_may_have_no_extension(files: Files) -> None:
    previews, admin = ALL["preview_file"], files.callers["admin"]
    plain = previews.create(admin, {"name": "still", "task_id": files.preview["task_id"], "extension": ""})
    given = previews.create(admin, {"name": "loop", "task_id": files.preview["task_id"], "extension": "gif"})
    given = previews.change(admin, given, {"extension": ""})
    listed = files.listed(plain, "admin", extension="", task_id=plain["task_id"])
    assert {plain.id, given.id} <= set(listed)
