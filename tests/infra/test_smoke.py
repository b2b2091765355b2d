"""The check after a deployment where something is not well (where all is: tests/stack/test_deployment_check.py)."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image

from infra.aws import deploy, smoke, smoke_picture
from infra.aws.site_client import CheckError

Answers = dict[str, tuple[int, str]]
# What an installation answers that has no page, a part that is down, and no live events.
UNWELL: Answers = {
    "GET /api/": (200, json.dumps({"api": "Vulpes", "version": "0.20.42"})),
    "GET /api/status": (200, json.dumps({"name": "Vulpes", "database-up": True, "job-queue-up": False})),
    "GET /": (403, "Forbidden"),
}
PREVIEW = "/api/data/preview-files/p-1"
LIVE = "/socket.io/?EIO=4&transport=polling"
# Who sends a picture, step by step; `{site}` is filled in.
WELL: Answers = {
    "POST /api/auth/login": (200, json.dumps({"access_token": "t"})),
    f"GET {LIVE}": (200, '0{"sid":"s-1"}'),
    f"POST {LIVE}&sid=s-1": (200, "ok"),
    f"GET {LIVE}&sid=s-1": (
        200,
        '40/events,{"sid":"x"}\x1e42/events,["preview-file:update",{"preview_file_id":"p-1"}]',
    ),
    f"POST {PREVIEW}/upload": (201, json.dumps({"url": "{site}/bucket", "fields": {"key": "uploads/p-1"}})),
    "POST /bucket": (204, ""),
    f"POST {PREVIEW}/upload/complete": (200, "{}"),
    f"GET {PREVIEW}": (200, json.dumps({"status": "ready"})),
    "GET /api/pictures/thumbnails/preview-files/p-1.png": (200, "\x89PNG"),
}


@contextmanager
def answering(answers: Answers) -> Iterator[str]:
    """A server that says what it is told to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = answers.get(f"{self.command} {self.path}", (404, "{}"))
            sent = body.replace("{site}", address).encode("latin-1")
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            if status != 204:
                self.wfile.write(sent)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_each_thing_that_is_not_well_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(UNWELL) as site:
        assert smoke.report(site, patience=0, stack="vulpes-prod") == 1

    told = capsys.readouterr()
    assert told.out == "well: the API answers\n"
    assert "its parts are up: /api/status says no to job-queue-up. Look at `aws logs tail" in told.err
    assert "/aws/lambda/vulpes-prod-api" in told.err
    assert "the site has a page: / answers 403" in told.err
    assert "live events come through: /socket.io/?EIO=4&transport=polling answers 404" in told.err


def test_a_new_name_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def late(site: str) -> None:
        asked.append(site)
        if len(asked) < 3:
            raise CheckError("nobody there")

    monkeypatch.setattr(smoke, "CHECKS", {"it answers": smoke.Check(late, "")})
    monkeypatch.setattr(smoke.time, "sleep", lambda _: None)

    assert smoke.report("https://example.com", patience=60) == 0
    assert len(asked) == 3


def test_the_picture_is_one() -> None:
    with Image.open(io.BytesIO(smoke_picture.png())) as picture:
        picture.load()
        assert picture.size == (48, 27)
        assert picture.getpixel((47, 26)) == (235, 234, 120)


def send_picture(changed: Answers) -> None:
    with answering(WELL | changed) as site:
        smoke_picture.picture(site, "check@example.com", "secret", "p-1", "vulpes-prod")


def test_a_picture_that_becomes_ready_is_well() -> None:
    send_picture({})


@pytest.mark.parametrize(
    ("changed", "said", "look"),
    [
        ({"POST /api/auth/login": (400, "{}")}, "/api/auth/login answers 400", ""),
        ({f"POST {PREVIEW}/upload": (500, "{}")}, f"{PREVIEW}/upload answers 500", "/aws/lambda/vulpes-prod-api"),
        ({"POST /bucket": (403, "AccessDenied")}, "/bucket answers 403", "FilesBucket"),
        (
            {f"POST {PREVIEW}/upload/complete": (400, "{}")},
            "/upload/complete answers 400",
            "/aws/lambda/vulpes-prod-api",
        ),
        ({f"GET {PREVIEW}": (200, '{"status": "broken"}')}, "the picture is broken", "/aws/lambda/vulpes-prod-media"),
        ({f"GET {PREVIEW}": (200, '{"status": "processing"}')}, "still processing after 0 s", "MediaQueueUrl"),
        (
            {"GET /api/pictures/thumbnails/preview-files/p-1.png": (404, "{}")},
            "p-1.png answers 404",
            "/aws/lambda/vulpes-prod-media",
        ),
        (
            {f"GET {LIVE}&sid=s-1": (200, "40/events,{}")},
            'preview-file:update" does not come',
            "/aws/lambda/vulpes-prod-carry-events",
        ),
    ],
)
def test_the_step_at_which_a_picture_stays_says_where_to_look(
    changed: Answers, said: str, look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoke_picture, "READY_SECONDS", 0.0)
    with pytest.raises(CheckError) as failure:
        send_picture(changed)

    assert said in str(failure.value)
    assert look in str(failure.value)


def test_a_visitor_that_stays_is_told_and_one_that_cannot_be_made_is_done_without(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reported: list[Any] = []

    def report(site: str, visitor: Any = None, stack: str = "") -> int:
        reported.append(visitor)
        return 0

    def breaking(at_the_end: bool) -> Callable[..., Any]:
        @contextmanager
        def visitor(outputs: Any, region: str) -> Iterator[str]:
            if at_the_end:
                yield "somebody"
            raise deploy.VulpesError("the table says no")

        return visitor

    monkeypatch.setattr(smoke, "report", report)
    monkeypatch.setattr(deploy, "visitor", breaking(at_the_end=False))
    assert deploy._check({"SiteURL": "https://example.com"}, "eu-west-1", "vulpes-dev") == 0
    assert "Nobody could be made who signs in (the table says no)" in capsys.readouterr().err
    monkeypatch.setattr(deploy, "visitor", breaking(at_the_end=True))
    assert deploy._check({"SiteURL": "https://example.com"}, "eu-west-1", "vulpes-dev") == 1
    assert "is still there (the table says no); the next one removes it" in capsys.readouterr().err
    assert reported == [None, "somebody"]
