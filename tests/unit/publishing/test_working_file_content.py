"""What is in working files: sent with a request, or straight to the bucket (docs/contract/files.md section 4)."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.files import orphans, upload_offers
from chalicelib.domain.files.crud.pipeline_files import WorkingFiles
from chalicelib.domain.production import deletion
from chalicelib.domain.publishing import working_file_content
from chalicelib.records.files import WORKING_FILE
from chalicelib.store import objects, reads
from tests.unit.files.conftest import UNKNOWN
from tests.unit.files.test_large_uploads import post_form, put_part
from tests.unit.publishing.conftest import Pipeline, PipelineStudio
from tests.unit.publishing.test_working_files import made

SCENE = b"BLENDER-v300" + bytes(range(200))


def path_of(api: PipelineStudio, stage: Pipeline) -> str:
    return f"/data/working-files/{made(api, stage)['id']}"


def sent(api: PipelineStudio, path: str, data: bytes = SCENE, user: str = "user") -> Any:
    return api.upload(f"{path}/file", "lama.blend", data, "application/octet-stream", user=user)


def test_what_was_sent_comes_back(api: PipelineStudio, stage: Pipeline) -> None:
    path = path_of(api, stage)
    assert api.get(f"{path}/file", user="user").status == 404
    row = sent(api, path)
    assert (row.status, row["outputs"], row["size"]) == (201, [], None)
    got = api.get(f"{path}/file", user="vendor")
    assert (got.status, got.content) == (200, SCENE)
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"] == "attachment; filename=lama.blend"
    assert "max-age=604800" in got.headers["cache-control"]
    part = api.get(f"{path}/file", user="user", headers={"Range": "bytes=0-6"})
    assert (part.status, part.content) == (206, b"BLENDER")
    known = api.get(f"{path}/file", user="user", headers={"If-None-Match": got.headers["etag"]})
    assert known.status == 304


def test_a_newer_one_takes_the_place_of_the_older(
    api: PipelineStudio, stage: Pipeline, stored: Callable[[str], list[str]]
) -> None:
    path = path_of(api, stage)
    sent(api, path)
    tag = api.get(f"{path}/file", user="user").headers["etag"]
    assert sent(api, path, b"newer", "manager").status == 201
    got = api.get(f"{path}/file", user="user", headers={"If-None-Match": tag})
    assert (got.status, got.content) == (200, b"newer")
    assert len(stored("working/")) == 1


def test_a_form_without_the_file_is_refused(api: PipelineStudio, stage: Pipeline) -> None:
    path = path_of(api, stage)
    assert api.post(f"{path}/file", {}, user="user").status == 400
    assert api.upload(f"/data/working-files/{UNKNOWN}/file", "a", b"x", user="user").status == 404
    assert sent(api, path, user="stranger").status == 403


def test_larger_ones_are_fetched_from_the_bucket(api: PipelineStudio, stage: Pipeline) -> None:
    path, data = path_of(api, stage), bytes(1_100_000)
    sent(api, path, data)
    assert api.get(f"{path}/file", user="user").status == 302
    assert api.fetched(f"{path}/file", user="user") == data


def test_a_body_over_the_limit_is_told_the_way(
    api: PipelineStudio, stage: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(api, stage)
    told = sent(api, path, bytes(5 * 1024**2))
    assert told.status == 413
    assert told["data"]["route"] == "/data/working-files/{working_file_id}/upload"


def test_a_large_one_goes_straight_to_the_bucket(
    api: PipelineStudio, stage: Pipeline, stored: Callable[[str], list[str]]
) -> None:
    path = path_of(api, stage)
    sent(api, path, b"older")
    offer = api.post(f"{path}/upload", {"filename": "big.blend", "size": len(SCENE)}, user="user")
    assert (offer.status, offer["method"], offer["expires_in"]) == (201, "POST", 3600)
    assert api.post(f"{path}/upload/complete", user="user").status == 400
    assert api.fetched(f"{path}/file", user="user") == b"older"
    post_form(offer, SCENE)
    for _ in range(2):
        assert api.post(f"{path}/upload/complete", user="user").status == 200
    assert api.fetched(f"{path}/file", user="user") == SCENE
    assert stored("working/") == [offer["key"]]


def test_a_very_large_one_is_sent_in_parts(
    api: PipelineStudio, stage: Pipeline, monkeypatch: pytest.MonkeyPatch, stored: Callable[[str], list[str]]
) -> None:
    monkeypatch.setattr(upload_offers, "LARGEST_FORM", 1000)
    monkeypatch.setattr(upload_offers, "SMALLEST_PART", 5 * 1024**2)
    data = bytes(6 * 1024**2)
    path = path_of(api, stage)
    asked = {"filename": "big.blend", "size": len(data)}
    first, offer = (api.post(f"{path}/upload", asked, user="user") for _ in range(2))
    assert (offer["method"], len(offer["parts"])) == ("PUT", 2)
    for part in offer["parts"]:
        start = (part["number"] - 1) * offer["part_size"]
        put_part(part["url"], data[start : start + offer["part_size"]])
    assert api.post(f"{path}/upload/complete", user="user").status == 200
    assert api.fetched(f"{path}/file", user="user") == data
    assert stored("working/") == [offer["key"]] != [first["key"]]


def test_what_a_request_brings_wins_over_what_was_offered(
    api: PipelineStudio, stage: Pipeline, stored: Callable[[str], list[str]]
) -> None:
    path = path_of(api, stage)
    offer = api.post(f"{path}/upload", {"filename": "big.blend", "size": 5}, user="user")
    post_form(offer, b"large")
    sent(api, path)
    assert api.post(f"{path}/upload/complete", user="user").status == 200
    assert api.fetched(f"{path}/file", user="user") == SCENE
    assert offer["key"] not in stored("working/")


def test_an_upload_that_arrives_while_another_content_comes_leaves_that_alone(
    api: PipelineStudio, stage: Pipeline
) -> None:
    path = path_of(api, stage)
    offer = api.post(f"{path}/upload", {"filename": "big.blend", "size": 5}, user="user")
    file = reads.get(WORKING_FILE, path.rpartition("/")[2])
    sent(api, path)
    post_form(offer, b"large")
    # The request of the upload read the file before the other content was sent.
    working_file_content.complete(file)
    assert api.fetched(f"{path}/file", user="user") == SCENE


@pytest.mark.parametrize("size", [0, -1, 6 * 1024**3, "big"])
def test_a_size_that_is_none_is_refused(api: PipelineStudio, stage: Pipeline, size: Any) -> None:
    asked = {"filename": "a.blend", "size": size}
    assert api.post(f"{path_of(api, stage)}/upload", asked, user="user").status in (400, 413)


def test_the_content_goes_with_the_file(
    api: PipelineStudio, stage: Pipeline, stored: Callable[[str], list[str]]
) -> None:
    path = path_of(api, stage)
    sent(api, path)
    file = reads.get(WORKING_FILE, path.rpartition("/")[2])
    WorkingFiles().delete(Caller(stage.people["admin"]), file, {})
    assert stored("working/") == []


def test_the_content_goes_with_the_production(
    api: PipelineStudio, stage: Pipeline, stored: Callable[[str], list[str]]
) -> None:
    sent(api, path_of(api, stage))
    deletion.delete_project(stage.now(stage.project), force=True)
    assert stored("working/") == []


def test_what_no_file_names_is_found_and_taken_away(
    api: PipelineStudio, stage: Pipeline, stored: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(api, stage)
    sent(api, path)
    (key,) = stored("working/")
    objects.put(f"{key.rpartition('/')[0]}-lost/file", b"nobody")
    monkeypatch.setattr(orphans, "ORPHAN_SECONDS", -10)
    assert orphans.collect(5) == 1
    assert stored("working/") == [key]
