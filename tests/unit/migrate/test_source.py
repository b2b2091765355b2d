"""Reading another server: signing in, pages, files, and what goes wrong."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from infra.local.server import HttpServer, bind
from infra.local.wire import Reply, Request
from infra.migrate import source as reading
from infra.migrate.source import Missing, Source, SourceProblem


class Other:
    """A small server: each answer once at most is what a test says, then what there is."""

    def __init__(self) -> None:
        self.role = "admin"
        self.valid = 0
        self.asked: list[str] = []
        self.next: list[int] = []
        self.count = 1234

    def __call__(self, request: Request) -> Reply:
        self.asked.append(f"{request.method} {request.path}")
        if request.path == "/api/":
            return answer({"api": "Zou", "version": "0.20.42"})
        if request.path == "/api/auth/login":
            return self._login(json.loads(request.body.whole(10_000)))
        if not request.path.startswith("/api/"):
            return answer({}, 404)
        if request.headers.get("authorization") != f"Bearer token {self.valid}":
            return answer({"message": "Signature has expired"}, 401)
        return answer({}, self.next.pop(0)) if self.next else self._there(request)

    def _login(self, body: dict[str, str]) -> Reply:
        if body["password"] != "secret":
            return answer({"login": False, "message": "Wrong password."}, 400)
        self.valid += 1
        return answer({"access_token": f"token {self.valid}"})

    def _there(self, request: Request) -> Reply:
        if request.path == "/api/auth/authenticated":
            return answer({"user": {"id": "somebody", "role": self.role}})
        if request.path == "/api/data/tasks":
            return self._page(dict(parse_qsl(request.query)))
        return Reply(200, [], b"bytes") if request.path == "/api/file" else answer({}, 404)

    def _page(self, query: dict[str, str]) -> Reply:
        page, limit = int(query["page"]), int(query["limit"])
        rows = [{"id": number} for number in range(self.count)][(page - 1) * limit : page * limit]
        return answer({"data": rows, "nb_pages": -(-self.count // limit), "total": self.count})


def answer(body: object, status: int = 200) -> Reply:
    return Reply(status, [("Content-Type", "application/json")], json.dumps(body).encode())


@pytest.fixture
def other() -> Other:
    return Other()


@pytest.fixture
def url(other: Other, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(reading.time, "sleep", lambda _: None)
    server = HttpServer(bind(0), other)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.fixture
def source(url: str) -> Iterator[Source]:
    opened = Source(url, "admin@example.com", "secret")
    opened.open()
    yield opened
    opened.close()


def test_the_api_is_found_below_the_address_of_the_site(source: Source, url: str) -> None:
    assert source.url == f"{url}/api"
    assert source.version == "0.20.42"
    assert source.person_id == "somebody"


def test_all_pages_come_in_their_order(source: Source) -> None:
    rows = [row["id"] for page in source.rows("/data/tasks") for row in page]
    assert rows == list(range(1234))


def test_nothing_but_the_sign_in_is_sent_besides_get(source: Source, other: Other) -> None:
    list(source.rows("/data/tasks"))
    assert {line for line in other.asked if not line.startswith("GET ")} == {"POST /api/auth/login"}


def test_a_token_that_is_over_is_replaced(source: Source, other: Other) -> None:
    other.valid += 1
    assert source.get("/auth/authenticated")["user"]["id"] == "somebody"
    with source.file("/file") as chunks:
        assert b"".join(chunks) == b"bytes"


def test_a_busy_server_is_asked_again(source: Source, other: Other) -> None:
    other.next = [503, 429, 502]
    assert sum(len(page) for page in source.rows("/data/tasks")) == 1234


def test_what_is_not_there_is_told_apart(source: Source) -> None:
    with pytest.raises(Missing), source.file("/nothing"):
        pass


def test_a_refusal_says_what_was_asked(source: Source, other: Other) -> None:
    other.next = [403]
    with pytest.raises(SourceProblem, match="GET /data/tasks: 403"):
        list(source.rows("/data/tasks"))


def test_a_wrong_password_is_told(url: str) -> None:
    wrong = Source(url, "admin@example.com", "wrong")
    with pytest.raises(SourceProblem, match="Wrong password"):
        wrong.open()
    wrong.close()


def test_only_administrators_see_all(url: str, other: Other) -> None:
    other.role = "manager"
    manager = Source(url, "admin@example.com", "secret")
    with pytest.raises(SourceProblem, match="administrator"):
        manager.open()
    manager.close()


def test_an_address_without_a_kitsu_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.time, "sleep", lambda _: None)
    nobody = Source("http://127.0.0.1:9", "admin@example.com", "secret")
    with pytest.raises(SourceProblem, match="no Kitsu API"):
        nobody.open()
    nobody.close()
