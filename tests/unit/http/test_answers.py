import datetime
import decimal
from typing import Any

import pytest

from chalicelib.http.answers import Answer, RawJson, binary, disposition, no_content, not_modified, redirect
from chalicelib.http.call import Call
from chalicelib.http.cookies import set_cookie
from chalicelib.http.routing import Area
from tests.unit.http.client import Client, anybody

PICTURE = bytes(range(256)) * 20
WORDS = [{"name": f"SH{number:04}", "status": "wip"} for number in range(500)]


def client_for(value: Any, method: str = "GET", status: int = 200, **options: Any) -> Client:
    """A client of one route `/x` that answers this."""
    area = Area("test")
    area.declare(method, "/x", access=anybody, status=status)(lambda call: value)
    return Client([area], options)


class Record(dict[str, Any]):
    """What the store hands out."""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, True, None]}, b'{"a":[1,true,null]}'),
        (Record(id="é"), '{"id":"é"}'.encode()),
        ("text", b'"text"'),
        (False, b"false"),
        (None, b"null"),
        ([], b"[]"),
        (RawJson(b'{"raw":1}'), b'{"raw":1}'),
        ({"day": datetime.date(2024, 2, 29), "sum": decimal.Decimal("1.50")}, b'{"day":"2024-02-29","sum":1.50}'),
    ],
)
def test_plain_values_become_json(value: Any, text: bytes) -> None:
    got = client_for(value).get("/x")
    assert (got.status, got.body, got.headers["content-type"]) == (200, text, "application/json")


def test_the_route_gives_the_status_unless_the_answer_has_one() -> None:
    assert client_for({}, "POST", 201).send("POST", "/x").status == 201
    assert client_for(Answer({}), "POST", 201).send("POST", "/x").status == 201
    assert client_for(Answer({}, 202), "POST", 201).send("POST", "/x").status == 202


@pytest.mark.parametrize("value", [None, {"a": 1}, "", no_content()])
def test_204_has_no_body(value: Any) -> None:
    got = client_for(value, "DELETE", 204).send("DELETE", "/x")
    assert (got.status, got.body) == (204, b"")
    assert "content-type" not in got.headers


def test_a_constant_answer_is_left_as_it_is() -> None:
    constant = Answer({})
    client_for(constant, "POST", 201).send("POST", "/x")
    assert constant == Answer({})


def test_a_redirect() -> None:
    got = client_for(redirect("https://files.example.com/a?b=c")).get("/x")
    assert (got.status, got.headers["location"], got.body) == (302, "https://files.example.com/a?b=c", b"")


def test_headers_and_several_cookies() -> None:
    cookies = [set_cookie("a", "1"), set_cookie("b", "2")]
    got = client_for(Answer({}, headers={"X-Odd": "a\r\nSet-Cookie: c=3"}, cookies=cookies)).get("/x")
    assert got.cookies == cookies
    assert got.headers["x-odd"] == "a Set-Cookie: c=3"


def test_bytes_come_out_as_they_are_whatever_is_accepted() -> None:
    for accepted in ({}, {"Accept": "application/json"}, {"Accept": "*/*", "Accept-Encoding": "gzip"}):
        got = client_for(binary(PICTURE, "image/png")).get("/x", headers=accepted)
        assert (got.status, got.body, got.headers["content-type"]) == (200, PICTURE, "image/png")
        assert "content-encoding" not in got.headers


def test_file_names() -> None:
    assert disposition("a b.png") == 'inline; filename="a b.png"'
    assert disposition("a.csv", attachment=True) == "attachment; filename=a.csv"
    assert disposition('é"\r\n.png') == "inline; filename=\"__.png\"; filename*=UTF-8''%C3%A9%22.png"
    assert disposition("") == "inline; filename=file"
    got = client_for(binary(b"a", "text/csv", filename="é.csv", attachment=True, max_age=60)).get("/x")
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["cache-control"] == "private, max-age=60"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "image/svg+xml"])
def test_uploaded_pages_run_no_scripts(kind: str) -> None:
    got = client_for(binary(b"<script>", kind)).get("/x")
    assert got.headers["content-security-policy"].startswith("sandbox;")
    assert got.headers["x-content-type-options"] == "nosniff"


def test_json_is_packed_when_it_pays_and_is_accepted() -> None:
    client = client_for(WORDS)
    packed = client.get("/x", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < 4000
    assert packed.json == WORDS
    for accepted in ("", "br", "gzip;q=0", "gzip; q=0.0"):
        plain = client.get("/x", headers={"Accept-Encoding": accepted})
        assert "content-encoding" not in plain.headers
        assert plain.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in client_for({"a": 1}).get("/x", headers={"Accept-Encoding": "gzip"}).headers


def test_long_json_unpacked_arrives_whole() -> None:
    value = ['"é\\'] * 300_000
    assert client_for(value).get("/x").json == value


@pytest.mark.parametrize("value", [WORDS, {"a": 1}, binary(PICTURE, "image/png")])
def test_an_unchanged_answer_is_304(value: Any) -> None:
    client = client_for(value)
    tag = client.get("/x").headers["etag"]
    again = client.get("/x", headers={"If-None-Match": f'"other", {tag}', "Accept-Encoding": "gzip"})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["cache-control"] == "private, no-cache"
    assert client.get("/x", headers={"If-None-Match": '"other"'}).status == 200


def test_tags_are_weak_for_json_and_strong_for_bytes() -> None:
    assert client_for({}).get("/x").headers["etag"].startswith('W/"')
    assert client_for(binary(PICTURE, "image/png")).get("/x").headers["etag"].startswith('"')


def test_a_handler_may_know_its_tag() -> None:
    assert client_for(RawJson(b"[]", etag='W/"7"')).get("/x").headers["etag"] == 'W/"7"'
    assert client_for(binary(b"a", "image/png", etag='"v7"')).get("/x").headers["etag"] == '"v7"'
    area = Area("test")

    @area.get("/x", access=anybody)
    def cheap(call: Call) -> Any:
        return not_modified('W/"7"') if call.knows('W/"7"') else {}

    got = Client([area]).get("/x", headers={"If-None-Match": '"7"'})
    assert (got.status, got.headers["etag"], got.body) == (304, 'W/"7"', b"")


def test_a_write_has_no_tag() -> None:
    got = client_for({}, "POST").send("POST", "/x", headers={"If-None-Match": "*"})
    assert got.status == 200
    assert "etag" not in got.headers
    assert got.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=5000-", 5000, 5120), ("bytes=-20", 5100, 5120), ("bytes=5000-99999", 5000, 5120)],
)
def test_a_range(wanted: str, start: int, end: int) -> None:
    got = client_for(binary(PICTURE, "video/mp4")).get("/x", headers={"Range": wanted})
    assert (got.status, got.body) == (206, PICTURE[start:end])
    assert got.headers["content-range"] == f"bytes {start}-{end - 1}/5120"
    assert got.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("wanted", ["bytes=5120-", "bytes=10-5", "bytes=-0"])
def test_a_range_that_is_not_there(wanted: str) -> None:
    got = client_for(binary(PICTURE, "video/mp4")).get("/x", headers={"Range": wanted})
    assert (got.status, got.headers["content-range"], got.json["data"]) == (416, "bytes */5120", {"size": 5120})


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=-", "bytes=x", "frames=1-2", "bytes=" + "9" * 5000 + "-"])
def test_what_is_no_single_range_gets_the_whole(wanted: str) -> None:
    assert client_for(binary(PICTURE, "video/mp4")).get("/x", headers={"Range": wanted}).status == 200


def test_a_range_of_another_version_gets_the_whole() -> None:
    client = client_for(binary(PICTURE, "video/mp4", etag='"v2"', last_modified="Thu, 29 Feb 2024 10:00:00 GMT"))
    for condition, status in (('"v1"', 200), ('"v2"', 206), ("Thu, 29 Feb 2024 10:00:00 GMT", 206)):
        assert client.get("/x", headers={"Range": "bytes=0-9", "If-Range": condition}).status == status


def test_json_has_no_ranges() -> None:
    assert client_for(WORDS).get("/x", headers={"Range": "bytes=0-9"}).status == 200


def test_what_lambda_cannot_carry_is_answered_by_a_redirect(configure: Any) -> None:
    kept: list[tuple[bytes, str, str]] = []

    def overflow(data: bytes, content_type: str, content_encoding: str) -> str:
        kept.append((data, content_type, content_encoding))
        return "https://files.example.com/answer"

    configure(VULPES_ANSWER_LIMIT="2000")
    client = client_for(WORDS, overflow=overflow)
    packed = client.get("/x", headers={"Accept-Encoding": "gzip"})
    assert (packed.status, packed.json) == (200, WORDS)
    got = client.get("/x")
    assert (got.status, got.headers["location"], got.body) == (302, "https://files.example.com/answer", b"")
    assert [(len(data) > 2000, *rest) for data, *rest in kept] == [(True, "application/json", "")]
    client.send("HEAD", "/x")
    assert len(kept) == 1


def test_base64_counts_towards_what_lambda_carries(configure: Any) -> None:
    configure(VULPES_ANSWER_LIMIT="6000")
    client = client_for(binary(PICTURE, "image/png"), overflow=lambda *kept: "https://files.example.com/a")
    assert client.get("/x").status == 302
