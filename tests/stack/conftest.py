"""What the tests of the local stack share: a small app, raw connections, a place for files."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from chalice import Chalice

from infra.local.cloud import Cloud
from infra.local.gateway import Gateway
from infra.local.server import HttpServer, bind
from infra.local.site import Pages
from infra.local.stack import KEY, REGION, SECRET


class EchoApp(Chalice):
    """Answers with what it was asked; keeps the events it saw."""

    def __init__(self) -> None:
        super().__init__("echo")
        self.events: list[dict[str, Any]] = []

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        self.events.append(event)
        if event["path"] == "/breaks":
            raise RuntimeError("the app is broken")
        if event["path"] == "/nothing":
            return {"statusCode": 204, "headers": {}, "body": ""}
        return {
            "statusCode": 200,
            "headers": {"Content-Type": "application/octet-stream", "X-Method": event["httpMethod"]},
            "multiValueHeaders": {"Set-Cookie": ["access=1; Path=/", "refresh=2; Path=/"]},
            "body": event["body"] or b"nothing",
        }


class Wire:
    """A connection on which a test says exactly what it wants."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._file = self._socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def reply(self, silent: bool = False) -> tuple[int, list[tuple[str, str]], bytes]:
        """The next reply: status, headers, body."""
        status = int(self._file.readline().split()[1])
        fields: list[tuple[str, str]] = []
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(": ")
            fields.append((name.lower(), value))
        length = int(dict(fields).get("content-length", "0"))
        return status, fields, b"" if silent or status < 200 else self._file.read(length)

    def ended(self) -> bool:
        """Whether the other side has hung up."""
        return self._file.read(1) == b""

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@pytest.fixture
def echo() -> EchoApp:
    return EchoApp()


@pytest.fixture
def server(echo: EchoApp) -> Iterator[HttpServer]:
    running = HttpServer(bind(0), Gateway(echo, Pages(lambda: "<h1>Welcome</h1>")))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def connect(server: HttpServer) -> Iterator[Callable[[], Wire]]:
    opened: list[Wire] = []

    def open_one() -> Wire:
        opened.append(Wire(server.port))
        return opened[-1]

    yield open_one
    for wire in opened:
        wire.close()


@pytest.fixture
def open_cloud(tmp_path: Path) -> Iterator[Callable[[], Cloud]]:
    """Starts the services on one and the same folder, as often as wanted; the former ones end."""
    running: list[Cloud] = []

    def start() -> Cloud:
        while running:
            running.pop().stop()
        cloud = Cloud(
            tmp_path, region=REGION, secret=SECRET, bucket="files", media_queue="media", sender="no-reply@example.com"
        )
        cloud.start()
        running.append(cloud)
        return cloud

    yield start
    while running:
        running.pop().stop()


def aws(service: str, url: str) -> Any:
    """A client of one of the services."""
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}
    config = Config(s3={"addressing_style": "path"}, signature_version="s3v4" if service == "s3" else None)
    return boto3.client(service, endpoint_url=url, region_name=REGION, config=config, **keys)


class Seen:
    """Collects what functions were given; `wait_for` returns once there is enough."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._changed = threading.Condition()

    def add(self, item: Any) -> None:
        with self._changed:
            self.items.append(item)
            self._changed.notify_all()

    def wait_for(self, count: int, seconds: float = 120.0) -> list[Any]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.items) >= count, seconds), self.items
        return self.items
