"""What is exported and restored is the same studio: its records, its files, who signs in."""

import io
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.functions.stream import handle
from chalicelib.records.people import PERSON
from chalicelib.records.production import API_EVENT, PROJECT
from chalicelib.records.registry import KINDS
from chalicelib.settings import current
from chalicelib.store import bulk_writing, keys, objects, reads
from infra.local.engine import Engine
from infra.migrate import __main__ as command
from infra.migrate import restore as restoring
from infra.migrate.backup_folder import BackupFolder, BackupProblem
from infra.migrate.export import export
from infra.migrate.progress import Progress
from infra.migrate.restore import restore
from tests.client import PASSWORD, Api
from tests.conftest import empty_table
from tests.unit.files.conftest import picture

pytestmark = pytest.mark.slow
Files = dict[str, bytes]


@pytest.fixture
def studio(api: Api, bucket: str) -> Api:
    """A production with a task, a comment with a picture attached, a preview, an avatar; somebody who logged out."""
    artist = api.person("user")
    project = api.post("/data/projects", {"name": "Caminandes"})
    types = {one["name"]: one["id"] for one in api.get("/data/entity-types").json}
    api.post(f"/data/projects/{project['id']}/team", {"person_id": artist["id"]})
    asset = api.post(f"/data/projects/{project['id']}/asset-types/{types['Character']}/assets/new", {"name": "Koro"})
    modeling = next(one for one in api.get("/data/task-types").json if one["name"] == "Modeling")
    task = api.post(
        f"/actions/projects/{project['id']}/task-types/{modeling['id']}/assets/create-tasks", [asset["id"]]
    ).json[0]
    api.put("/actions/persons/" + artist["id"] + "/assign", {"task_ids": [task["id"]]})
    comment = api.post(
        f"/actions/tasks/{task['id']}/comment",
        {"task_status_id": task["task_status_id"], "comment": "Rounder. @User Doe", "person_id": artist["id"]},
    )
    api.upload(f"/actions/tasks/{task['id']}/comments/{comment['id']}/add-attachment", "note.png", picture())
    preview = api.post(f"/actions/tasks/{task['id']}/comments/{comment['id']}/add-preview", {})
    api.upload(f"/pictures/preview-files/{preview['id']}", "koro.png", picture(200, 100))
    api.upload(f"/pictures/thumbnails/persons/{artist['id']}", "face.png", picture())
    # Annotations of two drawings: an item cannot hold them, the bucket does.
    drawing = {"time": 0, "drawing": {"objects": [{"id": str(n), "path": "x" * 9000} for n in range(20)]}}
    api.put(f"/actions/preview-files/{preview['id']}/update-annotations", {"additions": [drawing]})
    api.get("/auth/logout", user="user")
    return api


@pytest.fixture
def elsewhere(engine: Engine, buckets: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Changes over to an empty table and an empty bucket."""
    with empty_table(engine) as name:
        monkeypatch.setenv("VULPES_BUCKET", f"bucket-{name}")
        current.cache_clear()
        buckets.create_bucket(Bucket=f"bucket-{name}", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield


def content(folder: Path) -> Files:
    """All that is in a backup but what tells when it was made; of large fields, what they hold."""
    files = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    listed = [msgspec.json.decode(line) for line in files.pop("files.jsonl").splitlines()]
    files["files.jsonl"] = repr(sorted((one["key"], one["sha256"], one["content_type"]) for one in listed)).encode()
    manifest = msgspec.json.decode(files.pop("studio.json"))
    return files | {"studio.json": repr((manifest["records"], manifest["files"])).encode()}


def quiet() -> Progress:
    return Progress(io.StringIO())


@pytest.fixture
def backup(studio: Api, tmp_path: Path) -> BackupFolder:
    folder = BackupFolder(tmp_path / "backup")
    export(folder, quiet())
    return folder


def test_a_restored_studio_is_the_one_that_was_exported(
    backup: BackupFolder, studio: Api, elsewhere: None, tmp_path: Path
) -> None:
    counts = restore(backup, quiet())
    assert all(there == here for there, here in counts.values())
    assert counts["comment"][0] == counts["attachment_file"][0] == counts["preview_file"][0] == 1
    again = BackupFolder(tmp_path / "again")
    export(again, quiet())
    assert content(again.path) == content(backup.path)
    assert sum(name.startswith("files/") for name in content(backup.path)) >= 6


def test_people_sign_in_as_before_and_see_what_they_saw(backup: BackupFolder, studio: Api, elsewhere: None) -> None:
    restore(backup, quiet())
    assert studio.get("/auth/authenticated", user="user").status == 401, "who logged out stays so"
    studio.sign_in("user@example.com", PASSWORD, "user")
    task = studio.get("/data/user/tasks", user="user").json[0]
    thread = studio.get(f"/data/tasks/{task['id']}/comments", user="user").json
    assert [one["text"] for one in thread] == ["Rounder. @User Doe"]
    preview = thread[0]["previews"][0]
    assert studio.get(f"/pictures/thumbnails/preview-files/{preview['id']}.png", user="user").status in (200, 302)
    annotations = studio.get(f"/data/preview-files/{preview['id']}").json["annotations"]
    assert len(annotations[0]["drawing"]["objects"]) == 20


def test_rules_hold_as_before(backup: BackupFolder, studio: Api, elsewhere: None) -> None:
    """Unique values, and the way from a person to their tasks."""
    restore(backup, quiet())
    assert studio.post("/data/projects", {"name": "Caminandes"}).status == 400
    person = next(one for one in studio.get("/data/persons").json if one["email"] == "user@example.com")
    assert len(studio.get(f"/data/persons/{person['id']}/tasks").json) == 1


def test_no_letter_goes_out_for_what_happened_before(
    backup: BackupFolder, elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore(backup, quiet())
    project = next(iter(reads.query(PROJECT, "studio")))
    images = []
    for event in reads.query(API_EVENT, project.id[:8] + project.id[9:13]):
        row = reads.item(keys.partition_of(str(event.home), API_EVENT, event), event.id)
        assert row is not None
        assert row.at is not None
        assert keys.key_is_order(row.pk.S), "its id tells its moment still"
        images.append({"pk": {"S": row.pk.S}, "sk": {"S": row.sk.S}, "doc": {"S": row.doc.S}, "at": {"S": row.at.S}})
    told: list[str] = []
    monkeypatch.setattr("chalicelib.functions.stream.LISTENERS", {"comment:new": lambda event: told.append("told")})
    records = [{"eventName": "INSERT", "dynamodb": {"NewImage": one, "SequenceNumber": "1"}} for one in images]
    handle({"Records": records})
    assert len(images) > 3
    assert told == []


def test_a_restore_that_was_cut_off_is_taken_up(
    backup: BackupFolder, elsewhere: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def break_off(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_items", break_off)
        with pytest.raises(KeyboardInterrupt):
            restore(backup, quiet())
    restore(backup, quiet())
    again = BackupFolder(tmp_path / "again")
    export(again, quiet())
    assert content(again.path) == content(backup.path)


def test_only_an_empty_studio_is_filled(backup: BackupFolder, studio: Api) -> None:
    with pytest.raises(BackupProblem, match="already"):
        restore(backup, quiet())


def test_a_file_that_changed_in_the_backup_is_refused(backup: BackupFolder, elsewhere: None) -> None:
    entry = next(iter(backup.lines("files")))
    path = backup.file(entry["key"])
    path.write_bytes(b"?" + path.read_bytes()[1:])
    with pytest.raises(BackupProblem, match="checksum"):
        restore(backup, quiet())


def test_an_export_that_did_not_end_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupProblem, match=r"studio\.json"):
        BackupFolder(tmp_path).manifest()


def test_the_folder_is_its_owners_alone(backup: BackupFolder) -> None:
    modes = {stat.S_IMODE(one.stat().st_mode) for one in backup.path.rglob("*") if one.is_file()}
    assert modes == {0o600}
    folders = {stat.S_IMODE(one.stat().st_mode) for one in (backup.path, *backup.path.rglob("*")) if one.is_dir()}
    assert folders == {0o700}


def test_a_second_export_brings_the_folder_up_to_date(backup: BackupFolder, studio: Api) -> None:
    person = next(one for one in studio.get("/data/persons").json if one["email"] == "user@example.com")
    entry = next(one for one in backup.lines("files") if one["key"].startswith("pictures/persons"))
    before = backup.file(entry["key"]).stat().st_mtime_ns
    studio.upload(f"/pictures/thumbnails/persons/{person['id']}", "face.png", picture(90, 90))
    objects.delete(key for key in [one["key"] for one in backup.lines("files")] if key.startswith("attachments/"))
    export(backup, quiet())
    kept = {one["key"] for one in backup.lines("files")}
    assert backup.file(entry["key"]).stat().st_mtime_ns != before
    assert not any(key.startswith("attachments/") for key in kept)
    assert {str(one.relative_to(backup.path / "files")) for one in (backup.path / "files").rglob("*.*")} <= kept


def test_no_folder_of_something_else_is_written_into(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(BackupProblem, match="no backup"):
        BackupFolder(tmp_path).begin()


def test_each_kind_is_exported(backup: BackupFolder) -> None:
    assert set(backup.manifest().records) == set(KINDS)
    assert len(list(backup.records(PERSON))) == 2


def test_records_may_be_written_over_others(studio: Api) -> None:
    """The unique values of before are free, those of now are taken."""
    before = next(iter(reads.query(PROJECT, "studio")))
    changed = type(before)(PROJECT, {**before, "name": "Llama"}, before.version + 1, home=before.home)
    bulk_writing.write_records([(before, changed)])
    bulk_writing.tell()
    assert studio.post("/data/projects", {"name": "Caminandes"}).status == 201
    assert studio.post("/data/projects", {"name": "Llama"}).status == 400
    assert studio.get(f"/data/projects/{before.id}")["name"] == "Llama"


def test_two_records_may_change_names(studio: Api) -> None:
    """One after the other: the first has taken the name by the time the second leaves it."""
    first = reads.get(PROJECT, studio.post("/data/projects", {"name": "A"})["id"])
    second = reads.get(PROJECT, studio.post("/data/projects", {"name": "B"})["id"])
    for old, name in ((first, "B"), (second, "A")):
        new = type(old)(PROJECT, {**old, "name": name}, old.version + 1, home=old.home)
        bulk_writing.write_records([(old, new)])
    bulk_writing.tell()
    assert [studio.post("/data/projects", {"name": name}).status for name in ("A", "B")] == [400, 400]


def test_a_backup_of_a_newer_version_is_refused(backup: BackupFolder) -> None:
    manifest = backup.manifest()
    backup.finish(msgspec.structs.replace(manifest, records={**manifest.records, "dream": 1}))
    with pytest.raises(BackupProblem, match="dream"):
        backup.manifest()


def test_fields_that_came_later_have_their_defaults(backup: BackupFolder) -> None:
    path = backup.path / "records" / "project.jsonl"
    lines = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    for line in lines:
        del line["values"]["production_style"]
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines))
    assert [one["production_style"] for one in backup.records(PROJECT)] == ["2d3d"]


def test_the_command_says_what_is_wrong(tmp_path: Path, table: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["restore", "--from", str(tmp_path)]) == 1
    assert "studio.json" in capsys.readouterr().err
