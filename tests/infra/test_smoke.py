"""The check after a deployment, where something is not well (where all is: tests/stack/test_live.py)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.aws import smoke

# What this installation answers: no page, a part that is down, and no live events.
ANSWERS = {
    "/api/": (200, json.dumps({"api": "Vulpes", "version": "0.20.42"})),
    "/api/status": (200, json.dumps({"name": "Vulpes", "database-up": True, "job-queue-up": False})),
    "/": (403, "Forbidden"),
}


class Unwell(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS.get(self.path, (404, "{}"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def unwell() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Unwell)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_thing_that_is_not_well_is_named(unwell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.report(unwell, patience=0) == 1

    told = capsys.readouterr()
    assert told.out == "well: the API answers\n"
    assert "its parts are up: /api/status says no to job-queue-up" in told.err
    assert "the site has a page: / answers 403" in told.err
    assert "live events come through: /socket.io/?EIO=4&transport=polling answers 404" in told.err


def test_a_new_name_is_waited_for(monkeypatch: pytest.MonkeyPatch, unwell: str) -> None:
    asked: list[str] = []

    def late(site: str) -> None:
        asked.append(site)
        if len(asked) < 3:
            raise smoke.CheckError("nobody there")

    monkeypatch.setattr(smoke, "CHECKS", {"it answers": late})
    monkeypatch.setattr(smoke.time, "sleep", lambda _: None)

    assert smoke.report(unwell, patience=60) == 0
    assert len(asked) == 3
