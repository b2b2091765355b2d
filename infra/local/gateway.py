"""From an HTTP request to the event that API Gateway gives to Lambda, through the app's own handler, and back."""

import itertools
import logging
import time
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from infra.local.live import STREAM_PATH, Polls, api_path
from infra.local.site import Pages
from infra.local.wire import BadRequest, Reply, Request, refusal

log = logging.getLogger("infra.local")
BODY_LIMIT = 1_000_000_000
# What API Gateway passes on of a body.
AWS_BODY_LIMIT = 10_000_000
PREFIX = "/api"
_RESERVED = frozenset({"content-length", "transfer-encoding", "connection"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Context:
    """What Lambda tells a function about its call."""

    function_name = "api"
    function_version = "$LATEST"
    memory_limit_in_mb = "1024"
    invoked_function_arn = "arn:aws:lambda:local:000000000000:function:api"

    def __init__(self, request_id: str, seconds: float = 60.0) -> None:
        self.aws_request_id = request_id
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """How long the call may still take; here nobody cuts it off."""
        return max(0, int((self._end - time.monotonic()) * 1000))


class Gateway:
    """Answers requests: the API under `/api`, the event stream at `/socket.io/`, pages everywhere else.

    `wrote` is called after each request that may write; `polls` answers those who wait for events.
    """

    def __init__(
        self,
        app: Handler,
        pages: Pages,
        wrote: Callable[[], None] = lambda: None,
        polls: Polls | None = None,
        body_limit: int | None = None,
    ) -> None:
        self._body_limit = body_limit
        self._polls = polls
        self._app = app
        self._pages = pages
        self._wrote = wrote
        self._numbers = itertools.count(1)

    def __call__(self, request: Request) -> Reply:
        """The reply to a request."""
        path = request.path
        if path == STREAM_PATH or path.startswith(STREAM_PATH + "/"):
            return self._answer(request, api_path(request.method, path, request.query))
        if path == PREFIX or path.startswith(PREFIX + "/"):
            return self._answer(request, path[len(PREFIX) :] or "/")
        return self._pages.answer(request)

    def _answer(self, request: Request, path: str) -> Reply:
        return (self._polls and self._polls.answer(request, path)) or self._call(request, path)

    def _call(self, request: Request, path: str) -> Reply:
        number = f"local-{next(self._numbers)}"
        body = request.body.whole(self._body_limit or BODY_LIMIT)
        try:
            answer = self._app(event_of(request, path, body, number), Context(number))
            return reply_of(answer, request.method)
        except BadRequest:
            raise
        except Exception:
            log.exception("%s %s: the app's handler failed.", request.method, path)
            return refusal(500, "The server failed; its log says more.")
        finally:
            if request.method not in _READS:
                self._wrote()


def event_of(request: Request, path: str, body: bytes, request_id: str) -> dict[str, Any]:
    """The event of a REST API with a greedy proxy resource. The body stays bytes, which `vulpes.raw` announces."""
    headers: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for name, value in request.fields:
        headers[name] = value
        several.setdefault(name, []).append(value)
    query: dict[str, str] = {}
    queries: dict[str, list[str]] = {}
    for name, value in request.parameters():
        query[name] = value
        queries.setdefault(name, []).append(value)
    resource = "/" if path == "/" else "/{proxy+}"
    return {
        "resource": resource,
        "path": path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": several,
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": None if path == "/" else {"proxy": path[1:]},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": request.method,
            "path": PREFIX + path,
            "stage": "api",
            "requestId": request_id,
            "identity": {"sourceIp": request.peer, "userAgent": request.headers.get("user-agent")},
        },
        "body": body or None,
        "isBase64Encoded": False,
        "vulpes.raw": True,
    }


def reply_of(answer: dict[str, Any], method: str) -> Reply:
    """The reply from what a Lambda function behind API Gateway returns."""
    body = answer.get("body") or b""
    if isinstance(body, str):
        body = b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    several: dict[str, list[str]] = answer.get("multiValueHeaders") or {}
    repeated = {name.lower() for name in several}
    fields = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    length = next((int(value) for name, value in fields if name.lower() == "content-length" and value.isdigit()), None)
    fields = [pair for pair in fields if pair[0].lower() not in _RESERVED | repeated]
    fields += [(name, str(value)) for name, values in several.items() for value in values]
    return Reply(int(answer["statusCode"]), fields, body, length if method == "HEAD" else None)
