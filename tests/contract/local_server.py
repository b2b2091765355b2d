"""The whole app in this process, on loopback: one server for all scenarios, a fresh studio for each.

The parts are those of the local stack (infra/local): the gateway in front of the app's own handler, files, queues and
mail, and the functions that queues and the change stream call.
"""

import contextlib
import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from chalicelib.http.log import RequestLog
from chalicelib.settings import Settings, current
from chalicelib.store import json_services, reference, session, table
from infra.local.cloud import Cloud
from infra.local.database import DatabaseClient
from infra.local.engine import Engine
from infra.local.folder import Progress
from infra.local.functions import STREAM_QUEUE, AppFunctions, FunctionRunner
from infra.local.gateway import PREFIX, Gateway
from infra.local.server import HttpServer, bind
from infra.local.site import Pages
from infra.local.stream import StreamReader
from tests.contract.recording import ADMIN_EMAIL, ADMIN_PASSWORD

_SETTLING_SECONDS = 120.0


class LocalServer:
    """Answers at `url`; each `fresh_studio()` is another table with the default data and the administrator."""

    def __init__(self, app: Any, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._progress = Progress(folder / "progress.json")
        given = Settings()
        self._region, self._media_queue = given.region, given.media_queue
        self._cloud = Cloud(
            folder,
            region=given.region,
            # The keys are those of the environment: the bucket checks what the app signs with them.
            secret=os.environ["AWS_SECRET_ACCESS_KEY"],
            bucket=given.bucket,
            media_queue=given.media_queue,
            sender=given.mail_sender,
        )
        self._runner = FunctionRunner(AppFunctions(app), self._cloud.queues, self._progress, given.region)
        self._app = app
        self._server = HttpServer(bind(0), Gateway(app, Pages(str)), "contract")
        self.host = f"http://127.0.0.1:{self._server.port}"
        self.url = self.host + PREFIX

    def start(self) -> None:
        """Answers from now on."""
        self._usual_log = self._app.request_log
        self._app.request_log = RequestLog(sink=_print_failure)
        self._cloud.start([STREAM_QUEUE])
        self._runner.start()
        self._server.start()

    def stop(self) -> None:
        """Takes no more requests and ends what works behind them."""
        self._server.stop()
        self._runner.stop()
        self._cloud.stop()
        self._app.request_log = self._usual_log

    @contextlib.contextmanager
    def fresh_studio(self) -> Iterator[str]:
        """The address of the API while it serves a studio of its own."""
        from infra.admin import init_studio

        name = f"contract-{uuid.uuid4().hex[:12]}"
        with self._serving(name), session.opened():
            table.create_table()
            init_studio(ADMIN_EMAIL, ADMIN_PASSWORD)
            with self._streaming(name):
                yield self.url
                self._settle()

    @contextlib.contextmanager
    def _serving(self, name: str) -> Iterator[None]:
        """Points the app at a table; what it held of another one is forgotten, before and after."""
        endpoints = {f"VULPES_{service}_ENDPOINT": self._cloud.url for service in ("S3", "SQS", "SES")}
        environment = {
            **endpoints,
            "VULPES_TABLE": name,
            "VULPES_DYNAMODB_ENDPOINT": self._engine.url,
            "VULPES_SITE_URL": self.host,
            "VULPES_UPLOAD_LIMIT": "1000000000",
        }
        with mock.patch.dict("os.environ", environment):
            self._forget()
            table.bind(name, self._engine.url)
            try:
                yield
            finally:
                json_services.disconnect()
        self._forget()

    @staticmethod
    def _forget() -> None:
        current.cache_clear()
        reference.forget()

    @contextlib.contextmanager
    def _streaming(self, name: str) -> Iterator[None]:
        """Carries the changes of a table on to the functions that listen to them.

        The reader looks by itself four times a second: it sends letters, which no scenario reads, and looking after
        each request would cost a quarter of all the time.
        """
        with contextlib.closing(DatabaseClient(self._engine.url, self._region, "test")) as client:
            reader = StreamReader(client, name, self._progress, self._runner.deliver, self._runner.lose)
            reading = threading.Thread(target=reader.run, name="stream", daemon=True)
            reading.start()
            try:
                yield
            finally:
                reader.stop()
                reading.join(60)

    def _settle(self) -> None:
        """Waits for what the queue functions still work on: they must not find the studio of another scenario."""
        end = time.monotonic() + _SETTLING_SECONDS
        while self._cloud.queues.waiting(self._media_queue) and time.monotonic() < end:
            self._cloud.queues.wait(0.05)


def _print_failure(line: str) -> None:
    """Of what the app notes, faults alone: a line for each of a hundred requests would bury them."""
    if '"level":"error"' in line:
        print(line)
