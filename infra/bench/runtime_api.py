"""A stand-in for Lambda's Runtime API on the loopback: what the real runtime client asks for events and answers to."""

import base64
import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE = 180.0
# The runtime client and what it needs; on Lambda they lie beside the function, not in its package.
CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")


class Function:
    """One container of a function: the unpacked package, run by awslambdaric; leave it to end it.

    Nothing of this machine's environment or installed packages reaches it.
    """

    def __init__(self, folder: Path, handler: str, environment: Mapping[str, str], scratch: Path) -> None:
        self._events: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._answers: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._folder, self._handler, self._environment = folder, handler, environment
        self._log = scratch / "function.log"
        self._client = _copy_client(scratch / "client")

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(self._events, self._answers))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                # Without `site`, so that only the package's own dependencies are there.
                [sys.executable, "-S", "-m", "awslambdaric", self._handler],
                cwd=self._folder,
                env=self._surroundings(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._server.shutdown()
        self._server.server_close()

    @property
    def log(self) -> str:
        """What the function wrote."""
        return self._log.read_text(errors="replace")

    @property
    def cpu(self) -> float:
        """The CPU that the function took so far, in milliseconds."""
        ticks = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) * 1000 / os.sysconf("SC_CLK_TCK")

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the function answers to an event; AssertionError with its log where it fails."""
        self._events.put((str(uuid.uuid4()), json.dumps(event).encode()))
        kind, body = self._answer()
        assert kind == "response", f"{body.decode()}\n{self.log}"
        return json.loads(body)

    def _answer(self) -> tuple[str, bytes]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=0.2)
        with contextlib.suppress(queue.Empty):
            return self._answers.get_nowait()
        ended = self._process.poll()
        raise AssertionError(f"no answer (exit code {ended}); the function wrote:\n{self.log}")

    def _surroundings(self) -> dict[str, str]:
        host, port = self._server.server_address[:2]
        return {
            "AWS_LAMBDA_RUNTIME_API": f"{host!s}:{port}",
            "AWS_LAMBDA_FUNCTION_NAME": "vulpes-dev-api",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/vulpes-dev-api",
            "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
            "AWS_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            "LAMBDA_TASK_ROOT": str(self._folder),
            "PYTHONPATH": f"{self._folder}:{self._client}",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self._environment,
        }


def _answering(
    events: queue.Queue[tuple[str, bytes]], answers: queue.Queue[tuple[str, bytes]]
) -> type[BaseHTTPRequestHandler]:
    class RuntimeApi(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            identifier, event = events.get()
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", identifier)
            self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
            arn = "arn:aws:lambda:eu-west-1:123456789012:function:vulpes-dev-api"
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", arn)
            # The client is native code that crashes where an answer has no type.
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(event)))
            self.end_headers()
            self.wfile.write(event)

        def do_POST(self) -> None:
            body = self._body()
            # …/invocation/<id>/response, …/invocation/<id>/error or …/init/error
            answers.put((self.path.rsplit("/", 1)[1], body))
            self.send_response(202)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return RuntimeApi


def _copy_client(target: Path) -> Path:
    target.mkdir()
    for name in CLIENT:
        found = find_spec(name)
        assert found is not None, f"{name} is not installed"
        assert found.origin is not None
        origin = Path(found.origin)
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, target / name)
        else:
            shutil.copy(origin, target)
    return target


def request(method: str, path: str, body: Any = None, token: str = "") -> dict[str, Any]:
    """What API Gateway sends for a request; it encodes every body, as `*/*` is binary."""
    greedy = {"proxy": path.strip("/")} if path.strip("/") else None
    resource = "/{proxy+}" if greedy else "/"
    headers = {"Host": "api.example.com", "Accept": "application/json", "Content-Type": "application/json"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": greedy,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/api{path}",
            "stage": "api",
            "identity": {"sourceIp": "192.0.2.1"},
            "requestId": "00000000-0000-0000-0000-000000000000",
        },
        "body": None if body is None else base64.b64encode(json.dumps(body).encode()).decode(),
        "isBase64Encoded": body is not None,
    }


def content(answer: dict[str, Any]) -> Any:
    """The JSON of an answer."""
    text = base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"]
    return json.loads(text)
