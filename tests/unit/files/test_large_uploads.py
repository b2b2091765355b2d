"""Files that go straight to the bucket, because no request holds them (docs/operations.md)."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.files import preparation, upload_offers
from chalicelib.store import objects
from tests.unit.files.conftest import Stage, Studio, picture


def offered(api: Studio, preview: dict[str, Any], name: str = "big.png", size: int = 0, **more: Any) -> Any:
    body = {"filename": name, "size": size or len(picture()), **more}
    return api.post(f"/data/preview-files/{preview['id']}/upload", body, user="user")


def completed(api: Studio, preview: dict[str, Any]) -> Any:
    return api.post(f"/data/preview-files/{preview['id']}/upload/complete", user="user")


def post_form(offer: Any, data: bytes) -> int:
    """Sends a file by the form that was offered, the way a browser does."""
    edge = "edge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in offer["fields"].items()
    ]
    head = "\r\n".join([*parts, f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'])
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    request = urllib.request.Request(
        offer["url"], body, {"Content-Type": f"multipart/form-data; boundary={edge}"}, method="POST"
    )
    with urllib.request.urlopen(request) as answer:
        return int(answer.status)


def put_part(url: str, data: bytes) -> None:
    request = urllib.request.Request(url, data, {"Content-Type": "application/octet-stream"}, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def test_a_file_is_sent_by_a_form(api: Studio, stage: Stage) -> None:
    preview = api.slot()
    offer = offered(api, preview)
    assert (offer.status, offer["method"], offer["expires_in"]) == (201, "POST", 3600)
    assert stage.preview(preview["id"])["original_name"] is None
    assert post_form(offer, picture()) in (200, 204)
    row = completed(api, preview)
    assert (row.status, row["status"], row["original_name"]) == (200, "processing", "big")
    preparation.process(preview["id"], offer["key"])
    assert stage.preview(preview["id"])["status"] == "ready"
    (added,) = stage.events("preview-file:add-file")
    assert added["user_id"] == stage.people["user"].id


def test_the_form_tells_the_bucket_how_much_may_come() -> None:
    form = objects.upload_form("uploads/home/id/name.png", 100)
    assert "policy" in form["fields"]


def test_the_queue_may_be_faster_than_the_client(api: Studio, stage: Stage) -> None:
    preview = api.slot()
    offer = offered(api, preview)
    post_form(offer, picture())
    preparation.process(preview["id"], offer["key"])
    for _ in range(2):
        assert completed(api, preview)["status"] == "ready"


def test_a_very_large_file_is_sent_in_parts(api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_offers, "LARGEST_FORM", 1000)
    monkeypatch.setattr(upload_offers, "SMALLEST_PART", 5 * 1024**2)
    data = bytes(6 * 1024**2)
    preview = api.slot()
    offer = offered(api, preview, "big.zip", len(data))
    assert (offer["method"], offer["part_size"], len(offer["parts"])) == ("PUT", 5 * 1024**2, 2)
    for part in reversed(offer["parts"]):
        start = (part["number"] - 1) * offer["part_size"]
        put_part(part["url"], data[start : start + offer["part_size"]])
    assert completed(api, preview)["status"] == "processing"
    preparation.process(preview["id"], offer["key"])
    assert stage.preview(preview["id"])["file_size"] == len(data)
    assert api.fetched(f"/pictures/originals/preview-files/{preview['id']}.zip") == data


def test_more_than_announced_is_refused(api: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_offers, "LARGEST_FORM", 10)
    preview = api.slot()
    offer = offered(api, preview, "big.zip", 20)
    put_part(offer["parts"][0]["url"], bytes(100))
    assert completed(api, preview).status == 400
    assert objects.size(offer["key"]) is None


def test_a_new_offer_ends_the_one_before(
    api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch, stored: Callable[[str], list[str]]
) -> None:
    monkeypatch.setattr(upload_offers, "LARGEST_FORM", 10)
    preview = api.slot()
    first, second = offered(api, preview, "a.zip", 20), offered(api, preview, "b.zip", 20)
    with pytest.raises(urllib.error.HTTPError):
        put_part(first["parts"][0]["url"], b"too late")
    put_part(second["parts"][0]["url"], b"in time")
    assert completed(api, preview)["original_name"] == "b"
    assert stored("uploads/") == [second["key"]]


def test_a_file_sent_with_a_request_wins_over_an_offer(api: Studio, stage: Stage) -> None:
    preview = api.slot()
    offer = offered(api, preview)
    post_form(offer, picture(10, 10))
    assert api.send(preview, "direct.png", picture()).status == 201
    assert objects.get(offer["key"]) is None
    preparation.process(preview["id"], offer["key"])
    assert stage.preview(preview["id"])["original_name"] == "direct"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"filename": "tool.exe", "size": 10}, 400),
        ({"filename": "a.png", "size": 0}, 400),
        ({"filename": "a.png", "size": -5}, 400),
        ({"filename": "a.png", "size": "much"}, 400),
        ({"filename": "a.png"}, 400),
        ({"filename": "a.mov", "size": 6 * 1024**3}, 413),
    ],
)
def test_an_offer_is_asked_for_rightly(api: Studio, stage: Stage, body: dict[str, Any], status: int) -> None:
    preview = api.slot()
    assert api.post(f"/data/preview-files/{preview['id']}/upload", body, user="user").status == status
    assert stage.preview(preview["id"])["upload"] is None


def test_nothing_is_completed_that_did_not_come(api: Studio) -> None:
    preview = api.slot()
    assert completed(api, preview).status == 400
    offered(api, preview)
    assert completed(api, preview).status == 400


def test_an_upload_is_offered_once(api: Studio) -> None:
    assert offered(api, api.published()).status == 400


@pytest.mark.parametrize("path", ["/data/preview-files/{}/upload", "/data/preview-files/{}/upload/complete"])
@pytest.mark.parametrize(("who", "status"), [(None, 401), ("stranger", 403), ("vendor", 403)])
def test_who_may_send(api: Studio, stage: Stage, path: str, who: str | None, status: int) -> None:
    preview = api.slot(stage.comment_on(stage.animation))
    body = {"filename": "a.png", "size": 10}
    assert api.post(path.format(preview["id"]), body, user=who).status == status


def in_parts(api: Studio, preview: dict[str, Any], data: bytes, resume: str) -> Any:
    return offered(api, preview, "big.zip", len(data), resume=resume)


def send(offer: Any, data: bytes, numbers: set[int]) -> None:
    for part in offer["parts"]:
        if part["number"] in numbers:
            start = (part["number"] - 1) * offer["part_size"]
            put_part(part["url"], data[start : start + offer["part_size"]])


def test_an_upload_goes_on_where_it_was_cut_off(api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_offers, "SMALLEST_RESUMED_PART", 5 * 1024**2)
    data = bytes(range(256)) * 60_000
    preview = api.slot()
    begun = in_parts(api, preview, data, "big.zip 2026-11-27 sha256:1a2b")
    assert (begun["method"], len(begun["parts"]), begun["arrived"]) == ("PUT", 3, [])
    send(begun, data, {2})
    again = in_parts(api, preview, data, "big.zip 2026-11-27 sha256:1a2b")
    assert (again["arrived"], again["key"]) == ([2], begun["key"])
    send(again, data, {1, 3})
    assert completed(api, preview)["status"] == "processing"
    preparation.process(preview["id"], again["key"])
    assert api.fetched(f"/pictures/originals/preview-files/{preview['id']}.zip") == data


def test_another_content_begins_anew(api: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_offers, "SMALLEST_RESUMED_PART", 5 * 1024**2)
    data = bytes(6 * 1024**2)
    preview = api.slot()
    begun = in_parts(api, preview, data, "one")
    send(begun, data, {1})
    other = in_parts(api, preview, data, "two")
    assert other["arrived"] == []
    assert objects.arrived_parts(begun["key"], stage_upload_id(begun)) is None, "what nobody goes on with is dropped"
    assert in_parts(api, preview, data + b"longer", "two")["arrived"] == []


def stage_upload_id(offer: Any) -> str:
    query = urllib.parse.urlsplit(offer["parts"][0]["url"]).query
    return urllib.parse.parse_qs(query)["uploadId"][0]


@pytest.mark.parametrize("resume", ["", "x" * 201, 5])
def test_a_word_that_is_none_is_refused(api: Studio, resume: Any) -> None:
    offer = offered(api, api.slot(), "big.zip", 10, resume=resume)
    assert offer.status == 400
    assert "resume" in str(offer.json)
