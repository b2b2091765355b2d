"""A server of somebody else on loopback: keeps what it is sent, answers as it is told, well or badly."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Behaviour = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Received:
    """A request: names of headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


def answering(status: int = 204, body: bytes | Any = b"", **headers: str) -> Behaviour:
    """Answers each request so; `body` is JSON where it is no bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Length": str(len(content)), **{name.replace("_", "-"): text for name, text in headers.items()}}
    head = f"HTTP/1.1 {status} Told\r\n" + "".join(f"{name}: {text}\r\n" for name, text in fields.items()) + "\r\n"
    return lambda connection: connection.sendall(head.encode() + content)


def drip(connection: socket.socket, head: bytes) -> None:
    """A byte at a time, so that no single wait is long."""
    connection.sendall(head)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        connection.sendall(b"x")
        time.sleep(0.02)


def flood(connection: socket.socket, head: bytes, piece: bytes = b"x" * 10_000) -> None:
    """More than anybody wants, as fast as it goes."""
    connection.sendall(head)
    for _ in range(2000):
        connection.sendall(piece)


class Receiver:
    """Listens until `close()`; `behave` may be changed at any time, or be a list of which each request takes one."""

    def __init__(self, behave: Behaviour | list[Behaviour] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.behave = behave or answering()
        self.requests: list[Received] = []
        self._tls = tls
        self._got = threading.Condition()
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def wait_over(self) -> None:
        """Returns when the test is over: for those who never answer."""
        self._over.wait(30)

    def wait_for(self, count: int, seconds: float = 20.0) -> list[Received]:
        """The requests, once there are so many."""
        with self._got:
            assert self._got.wait_for(lambda: len(self.requests) >= count, seconds), self.requests
            return list(self.requests)

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            opened = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with opened:
                request = self._read(opened)
                with self._got:
                    self.requests.append(request)
                    behave = self.behave.pop(0) if isinstance(self.behave, list) else self.behave
                    self._got.notify_all()
                behave(opened)

    @staticmethod
    def _read(connection: socket.socket) -> Received:
        stream = connection.makefile("rb")
        method, path, _ = stream.readline().decode().split(" ", 2)
        headers: dict[str, str] = {}
        while line := stream.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Received(method, path, headers, stream.read(int(headers.get("content-length", "0"))))
