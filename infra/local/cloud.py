"""The AWS services beside the database on one loopback port: files on disk, the rest by moto in this process."""

import contextlib
import io
import logging
import re
import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from infra.local.files import FileServer, notification
from infra.local.live_queues import LiveQueues
from infra.local.mail import MailFolder
from infra.local.objects import ObjectStore, StoredObject
from infra.local.queues import ACCOUNT, Queues
from infra.local.server import HttpServer, bind
from infra.local.wire import Reply, Request, plain

log = logging.getLogger("infra.local")
UPLOADS = "uploads/"
_BODY_LIMIT = 64 * 1024 * 1024
_SCOPE = re.compile(r"Credential=[^/,]*/\d{8}/[^/]*/([^/]+)/aws4_request")


class Cloud:
    """S3, SQS and SES (and what else moto plays) under one address; files at once, the rest a moment later."""

    def __init__(
        self,
        folder: Path,
        *,
        region: str,
        secret: str,
        bucket: str,
        media_queue: str,
        sender: str,
        live_queues: str = "vulpes-live-",
    ) -> None:
        files = folder / "files"
        files.mkdir(parents=True, exist_ok=True)
        self.mail = MailFolder(folder / "mail")
        self.queues = Queues(folder / "queues.db", region)
        self.live_queues = LiveQueues(live_queues, region)
        self._objects = ObjectStore(files)
        self._files = FileServer(self._objects, {bucket}, secret, self._created)
        self._region = region
        self._media_queue = media_queue
        self._sender = sender
        self._moto: Any = None
        self._moto_ready = threading.Event()
        self._loading: threading.Thread | None = None
        self._server = HttpServer(bind(0), self, "cloud")
        self.url = f"http://127.0.0.1:{self._server.port}"

    def start(self, queue_names: Iterable[str] = ()) -> None:
        """Answers from now on; moto is loaded meanwhile."""
        self._server.start()
        names = {self._media_queue, *queue_names}
        self._loading = threading.Thread(target=self._load, args=(names,), name="moto", daemon=True)
        self._loading.start()

    def stop(self) -> None:
        """Takes no more requests and closes the files, which moto must not be loading from any more."""
        self.live_queues.close()
        self._server.stop()
        if self._loading:
            self._loading.join()
        self.queues.close()
        self._objects.close()

    def _load(self, queue_names: set[str]) -> None:
        try:
            from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
            from moto.ses.models import ses_backends

            self._moto = DomainDispatcherApplication(create_backend_app)
            ses_backends[ACCOUNT][self._region].verify_email_identity(self._sender)
            self.queues.start(queue_names)
            self._objects.sweep()
        except Exception:
            log.exception("The queues and the mail did not start.")
        self._moto_ready.set()

    def _created(self, made: StoredObject, event: str) -> None:
        """What the notification of the bucket does on AWS: an upload is announced to the media queue."""
        if made.key.startswith(UPLOADS):
            self.queues.send(self._media_queue, notification(made, event, self._region))

    def __call__(self, request: Request) -> Reply:
        """The reply of the service that the request is signed for."""
        scope = _SCOPE.search(request.headers.get("authorization", ""))
        service = scope[1] if scope else "s3"
        if service == "s3":
            return self._files(request)
        body = request.body.whole(_BODY_LIMIT)
        if service == "sqs" and (live := self.live_queues.answer(request.headers.get("x-amz-target", ""), body)):
            return live
        self._moto_ready.wait()
        if self._moto is None:
            return plain(503, "moto did not start; the log says why.")
        changes = service == "sqs" and "ReceiveMessage" not in request.headers.get("x-amz-target", "")
        with self.queues.changing() if changes else contextlib.nullcontext():
            reply = self._emulate(request, body)
        if service == "ses" and reply.status == 200:
            self.mail.keep(request, body)
        return reply

    def _emulate(self, request: Request, body: bytes) -> Reply:
        """A request through moto's WSGI application."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(request.path, "latin-1"),
            "RAW_URI": request.path + (f"?{request.query}" if request.query else ""),
            "QUERY_STRING": request.query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self._server.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": request.peer,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        environ.update(
            (f"HTTP_{name.upper().replace('-', '_')}", value)
            for name, value in request.headers.items()
            if name not in ("content-type", "content-length")
        )
        reply = Reply(500)

        def begin(status: str, fields: list[tuple[str, str]], _error: Any = None) -> None:
            reply.status = int(status.split(" ", 1)[0])
            reply.fields = [pair for pair in fields if pair[0].lower() not in ("content-length", "connection")]

        parts = self._moto(environ, begin)
        try:
            reply.body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return reply


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
