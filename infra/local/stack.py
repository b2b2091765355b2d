"""The whole local stack: starts the parts in their order, sets what the app reads, ends everything again."""

import contextlib
import importlib
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.local import page
from infra.local.cloud import Cloud, free_port
from infra.local.database import DatabaseClient
from infra.local.engine import Engine, EngineMissing, find_engine
from infra.local.folder import DataFolder, Progress
from infra.local.functions import STREAM_QUEUE, AppFunctions, FunctionRunner
from infra.local.gateway import AWS_BODY_LIMIT, Gateway
from infra.local.live import Polls
from infra.local.server import HttpServer, bind
from infra.local.site import Pages
from infra.local.stream import StreamReader
from infra.site.archive import Site

log = logging.getLogger("infra.local")
EMAIL = "admin@example.com"
PASSWORD = "mysecretpassword"
REGION = "eu-west-1"
# Nobody checks these here; what matters is that keys of a real account never reach the parts below.
KEY, SECRET = "local", "local-secret"
_EXPIRY_SECONDS = 900.0
_DROPPED = ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "VULPES_TOKEN_SECRETS_PARAMETER")


class Stack:
    """The stack on a port (0: any free one). Use it as a context, or `start()` and `stop()`.

    Without `data` or with `memory` nothing is kept. `empty` leaves the demo production out; `app` stands in for the
    project's app, which is imported otherwise, after the environment is set. Where it is not `serving`, there is what
    keeps records and files and nothing that answers, works on them or fills them: for commands. `site` is a web
    interface to serve beside the API; `as_on_aws` has the limits of API Gateway and Lambda.
    """

    def __init__(
        self,
        port: int = 0,
        data: Path | None = None,
        memory: bool = False,
        empty: bool = False,
        app: Any = None,
        serving: bool = True,
        site: Site | None = None,
        as_on_aws: bool = False,
    ) -> None:
        self._serving = serving
        self._site = site
        self._as_on_aws = as_on_aws
        self._wanted_port = port
        self._path = None if memory else data
        self._empty = empty
        self._app = app
        self._undo: list[Callable[[], None]] = []
        self.url = ""
        self.is_new = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts everything; StartProblem says in plain words what stands in the way."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends everything that was started, the last first."""
        while self._undo:
            undo = self._undo.pop()
            try:
                undo()
            except Exception:
                log.exception("Something did not end in order.")

    def _start(self) -> None:
        door = bind(self._wanted_port)
        self._undo.append(door.close)
        self.url = f"http://127.0.0.1:{door.getsockname()[1]}"
        self.folder = DataFolder(self._path)
        self._undo.append(self.folder.release)
        self.folder.acquire()
        self._progress = Progress(self.folder.path / "progress.json")
        self._start_engine()
        self._set_environment()
        self._start_cloud()
        self._apply_settings()
        app: Any = self._load_app() if self._serving else None
        if self.engine:
            self.engine.wait()
        self._prepare_table()
        if not self._serving:
            return
        self._start_functions(app)
        self._start_expiry()
        polls = Polls(self._cloud.live_queues)
        body_limit = AWS_BODY_LIMIT if self._as_on_aws else None
        pages = Pages(self._page, self._site)
        self._server = HttpServer(door, Gateway(app, pages, self._nudge, polls, body_limit), "api")
        self._fill(app)
        self._server.start()
        self._undo.append(self._server.stop)

    @property
    def mail_folder(self) -> Path:
        """Where the mail lands."""
        return self._cloud.mail.folder

    @property
    def cloud_url(self) -> str:
        """Where files, queues and mail are."""
        return self._cloud.url

    @property
    def database_url(self) -> str:
        """Where the database answers."""
        return self._endpoint

    # The parts

    def _start_engine(self) -> None:
        """The engine begins first: it gets ready while Python imports the rest."""
        self.engine: Engine | None = None
        self._endpoint = os.environ.get("VULPES_DYNAMODB_ENDPOINT", "")
        if self._endpoint:
            return
        try:
            program = find_engine()
        except EngineMissing as missing:
            log.warning(
                "Attention: %s. moto stands in for the database: it is slow, and its records are gone at the end.",
                missing,
            )
            return
        self.engine = Engine(program, self.folder.path / "records.db", free_port(), (self.folder.lock_descriptor,))
        self.engine.start()
        self._undo.append(self.engine.stop)
        self._endpoint = self.engine.url

    def _set_environment(self) -> None:
        self._undo.append(_restore(dict(os.environ)))
        for name in _DROPPED:
            os.environ.pop(name, None)
        os.environ.update(
            AWS_ACCESS_KEY_ID=KEY,
            AWS_SECRET_ACCESS_KEY=SECRET,
            AWS_REGION=REGION,
            AWS_DEFAULT_REGION=REGION,
            AWS_EC2_METADATA_DISABLED="true",
            AWS_CONFIG_FILE=os.devnull,
            AWS_SHARED_CREDENTIALS_FILE=os.devnull,
            VULPES_STAGE="local",
            VULPES_SITE_URL=self.url,
            VULPES_TOKEN_SECRETS=self.folder.secret(),
        )
        # Lambda's limits are none here: clients that upload a film through the API may.
        for name, value in (("VULPES_UPLOAD_LIMIT", "1000000000"), ("VULPES_IMPORT_SECONDS", "3600")):
            if self._as_on_aws:
                os.environ.pop(name, None)
            else:
                os.environ.setdefault(name, value)
        with contextlib.suppress(ImportError, RuntimeError):
            import imageio_ffmpeg

            os.environ.setdefault("VULPES_FFMPEG", imageio_ffmpeg.get_ffmpeg_exe())

    def _start_cloud(self) -> None:
        from chalicelib.settings import Settings

        given = Settings()
        self._table = given.table
        self._cloud = Cloud(
            self.folder.path,
            region=REGION,
            secret=SECRET,
            bucket=given.bucket,
            media_queue=given.media_queue,
            sender=given.mail_sender,
            live_queues=given.live_queues,
        )
        self._endpoint = self._endpoint or self._cloud.url
        services = {f"VULPES_{name}_ENDPOINT": self._cloud.url for name in ("S3", "SQS", "SES")}
        os.environ.update(services, VULPES_DYNAMODB_ENDPOINT=self._endpoint)
        self._take_shortcut()
        self._cloud.start([STREAM_QUEUE, given.outbox_queue])
        self._undo.append(self._cloud.stop)

    def _take_shortcut(self) -> None:
        """Messages to sessions of the event stream, thousands a second, need no connection within a process."""
        from chalicelib.store import json_services

        json_services.within["sqs", self._cloud.url] = self._cloud.live_queues.answer_within
        self._undo.append(json_services.within.clear)

    def _apply_settings(self) -> None:
        from chalicelib.settings import current

        current.cache_clear()
        self._undo.append(current.cache_clear)

    def _load_app(self) -> Any:
        if self._app is not None:
            return self._app
        from chalicelib.http.log import RequestLog
        from chalicelib.store.session import cost

        app = importlib.import_module("app").app
        # A line a request would bury what the terminal says.
        lines = (self.folder.path / "requests.log").open("a", buffering=1)
        self._undo.append(lines.close)
        app.request_log = RequestLog(sink=lambda line: print(line, file=lines), counter=cost)
        return app

    def _prepare_table(self) -> None:
        if self._app is None:
            from chalicelib.store.table import bind, create_table

            bind(self._table, self._endpoint)
            create_table(fetches=self._endpoint != self._cloud.url)
            with contextlib.closing(DatabaseClient(self._endpoint, REGION, KEY)) as client:
                client.carry_old_images(self._table)
                # After the imports of the application, as everything of it.
                from infra.local.layout import arrange

                arrange(client, self._table, self._progress)

    def _start_functions(self, app: Any) -> None:
        functions = AppFunctions(app)
        runner = FunctionRunner(functions, self._cloud.queues, self._progress, REGION, self._nudge)
        runner.start()
        self._undo.append(runner.stop)
        self._stream: StreamReader | None = None
        if functions.streams:
            client = DatabaseClient(self._endpoint, REGION, KEY)
            trim = self.engine.trim_stream if self.engine else None
            self._stream = StreamReader(client, self._table, self._progress, runner.deliver, runner.lose, trim)
            reading = threading.Thread(target=self._stream.run, name="stream", daemon=True)
            reading.start()
            self._undo += [client.close, lambda: reading.join(5), self._stream.stop]

    def _start_expiry(self) -> None:
        """Removes expired items from time to time; the engine keeps them for ever."""
        over = threading.Event()

        def watch() -> None:
            with contextlib.closing(DatabaseClient(self._endpoint, REGION, KEY)) as client:
                while not over.wait(_EXPIRY_SECONDS):
                    with contextlib.suppress(OSError, LookupError):
                        client.remove_expired(self._table)

        threading.Thread(target=watch, name="expiry", daemon=True).start()
        self._undo.append(over.set)

    def _nudge(self) -> None:
        if self._stream:
            self._stream.nudge()

    # What is in it

    def _fill(self, app: Any) -> None:
        """The reference data and the administrator, and the demo production, once for a table."""
        if self._app is not None:
            return
        table = self._table_id()
        # Not at every start: what somebody renamed or removed since must stay so.
        self.is_new = self._progress.get("studio") != table
        if self.is_new:
            from infra.admin import init_studio

            init_studio(EMAIL, PASSWORD)
            if not self._empty:
                from infra.local.demo import build

                build(app, EMAIL, PASSWORD)
                self._progress.note("demo", table)
            self._progress.note("studio", table)

    def is_filled(self) -> None:
        """Notes that the table holds a studio of its own: no start brings default data into it."""
        self._progress.note("studio", self._table_id())

    def _table_id(self) -> str:
        with contextlib.closing(DatabaseClient(self._endpoint, REGION, KEY)) as client:
            described = client.describe(self._table)
        # moto gives tables no ids.
        return str(described.get("TableId") or described["CreationDateTime"])

    def _page(self) -> str:
        kept = "is gone when the server stops" if self.folder.temporary else f"is kept in {self.folder.path}"
        return page.render(
            page.Facts(
                url=self.url,
                email=EMAIL,
                password=PASSWORD,
                changed="" if self.is_new else ", unless you chose another since",
                production=self._production(),
                mail=str(self.mail_folder),
                data=kept,
            )
        )

    def _production(self) -> str:
        from infra.local import demo

        noted = self._progress.get("demo")
        there = noted is not None and noted == self._table_id()
        return demo.told() if there else "yours; there is no demo here"


def _restore(former: dict[str, str]) -> Callable[[], None]:
    def restore() -> None:
        os.environ.clear()
        os.environ.update(former)

    return restore
