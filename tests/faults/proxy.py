"""A proxy before the database or the bucket that does what networks and services do: delay, lose, refuse, leave."""

import contextlib
import email.utils
import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_THROTTLED = b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Rate exceeded"}'
_IN_PROGRESS = b'{"__type":"com.amazonaws.dynamodb.v20120810#TransactionInProgressException","message":"Under way"}'
_BROKEN = b'{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"Internal server error"}'


@dataclass
class Fault:
    """What befalls requests.

    does: `throttle`, `fail`, `in progress` (refused, nothing is done), `drop` (never arrives, no answer), `lose` (is
    done, the answer is lost), `lose and fail` (is done, 500 is told), `hold` (waits for `release`), `leave` (of a batch
    half is done), `slow` (takes `seconds`).
    operation: of DynamoDB, or the method of a request to the bucket; any, where empty. holds: a text of its body or
    path. every: each so manieth of them. times: how often; -1 for always.
    """

    does: str
    operation: str = ""
    holds: str = ""
    every: int = 1
    times: int = 1
    seconds: float = 0.0
    asked: int = 0
    met: int = 0
    release: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    def takes(self, operation: str, text: str) -> bool:
        """Whether it befalls this request; counts."""
        if self.operation not in ("", operation) or self.holds not in text or self.times == 0:
            return False
        self.asked += 1
        if self.asked % self.every:
            return False
        self.times -= 1
        self.met += 1
        return True


class Proxy:
    """Stands at `url` for the service behind it; `ahead` moves the time that its answers tell."""

    def __init__(self, service: str) -> None:
        self.service = urlsplit(service)
        self.faults: list[Fault] = []
        self.ahead = 0.0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def befall(self, does: str, operation: str = "", **more: Any) -> Fault:
        """From now on this befalls requests; earlier ones come first."""
        fault = Fault(does, operation, **more)
        self.faults.append(fault)
        return fault

    def calm(self) -> None:
        """All is well again; what was held is let go."""
        for fault in self.faults:
            fault.release.set()
        self.faults = []

    def stop(self) -> None:
        self.calm()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fault_for(self, operation: str, text: str) -> Fault | None:
        with self._lock:
            return next((fault for fault in self.faults if fault.takes(operation, text)), None)

    def pass_on(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        assert self.service.hostname
        link = http.client.HTTPConnection(self.service.hostname, self.service.port, timeout=30)
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "content-length"}
        headers["Content-Length"] = str(len(body))
        with contextlib.closing(link):
            link.request(handler.command, handler.path, body, headers)
            answer = link.getresponse()
            told = answer.read()
        left_out = ("content-length", "connection", "transfer-encoding", "date")
        return answer.status, [pair for pair in answer.getheaders() if pair[0].lower() not in left_out], told

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:
                    self.close_connection = True

            def serve(self) -> None:
                body = _body(self)
                operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2] or self.command
                fault = proxy.fault_for(operation, f"{self.path} {body[:2_000_000]!r}")
                try:
                    _DOING[fault.does if fault else "pass"](proxy, self, body, fault)
                finally:
                    if fault:
                        fault.done.set()

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve

            def log_message(self, format: str, *args: Any) -> None:
                del format, args

            def date_time_string(self, timestamp: float | None = None) -> str:
                return email.utils.formatdate((timestamp or time.time()) + proxy.ahead, usegmt=True)

        return Handler


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if "100-continue" in handler.headers.get("Expect", "").lower():
        del handler.headers["Expect"]
    return handler.rfile.read(int(handler.headers.get("Content-Length", "0")))


def _answer(handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    if handler.command == "HEAD":
        handler.end_headers()
        return
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


Doing = Callable[[Proxy, Any, bytes, Any], None]


def _pass(proxy: Proxy, handler: Any, body: bytes, fault: Fault | None) -> None:
    _answer(handler, *proxy.pass_on(handler, body))


def _refuse(status: int, told: bytes) -> Doing:
    def refuse(proxy: Proxy, handler: Any, body: bytes, fault: Fault) -> None:
        _answer(handler, status, [("Content-Type", "application/x-amz-json-1.0")], told)

    return refuse


def _drop(proxy: Proxy, handler: Any, body: bytes, fault: Fault) -> None:
    handler.close_connection = True


def _lose(proxy: Proxy, handler: Any, body: bytes, fault: Fault) -> None:
    proxy.pass_on(handler, body)
    handler.close_connection = True


def _lose_and_fail(proxy: Proxy, handler: Any, body: bytes, fault: Fault) -> None:
    proxy.pass_on(handler, body)
    _refuse(500, _BROKEN)(proxy, handler, body, fault)


def _hold(proxy: Proxy, handler: Any, body: bytes, fault: Fault) -> None:
    fault.arrived.set()
    assert fault.release.wait(60)
    answer = proxy.pass_on(handler, body)
    with contextlib.suppress(OSError):
        _answer(handler, *answer)


def _slow(proxy: Proxy, handler: Any, body: bytes, fault: Fault) -> None:
    fault.release.wait(fault.seconds)
    _pass(proxy, handler, body, fault)


def _leave(proxy: Proxy, handler: Any, body: bytes, fault: Fault) -> None:
    """Does half of a batch, and says which half it left."""
    asked = json.loads(body)
    ((table, wanted),) = asked["RequestItems"].items()
    rows = wanted["Keys"] if isinstance(wanted, dict) else wanted
    half = (len(rows) + 1) // 2 if len(rows) > 1 else 0
    done, left = rows[:half], rows[half:]
    name = "UnprocessedKeys" if isinstance(wanted, dict) else "UnprocessedItems"
    if done:
        part = {**wanted, "Keys": done} if isinstance(wanted, dict) else done
        status, headers, told = proxy.pass_on(handler, json.dumps({**asked, "RequestItems": {table: part}}).encode())
    else:
        status, headers, told = 200, [("Content-Type", "application/x-amz-json-1.0")], b'{"Responses": {}}'
    answer = json.loads(told)
    answer[name] = {table: {**wanted, "Keys": left} if isinstance(wanted, dict) else left}
    headers = [pair for pair in headers if pair[0].lower() != "x-amz-crc32"]
    _answer(handler, status, headers, json.dumps(answer).encode())


_DOING: dict[str, Doing] = {
    "pass": _pass,
    "throttle": _refuse(400, _THROTTLED),
    "in progress": _refuse(400, _IN_PROGRESS),
    "fail": _refuse(500, _BROKEN),
    "drop": _drop,
    "lose": _lose,
    "lose and fail": _lose_and_fail,
    "hold": _hold,
    "slow": _slow,
    "leave": _leave,
}
