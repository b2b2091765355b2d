"""The Chalice app: every declared route is a Chalice route, found by our matcher behind one greedy resource.

API Gateway has a quota of resources and refuses half of our paths (design, section 3), so while Chalice packages it
sees `/` and `/{proxy+}` only. At run time each route is registered with a view function of its own, those of a table
(http/route_table.py) when they are first asked; a request is matched here, then handed to Chalice with `resourcePath`
and `pathParameters` filled in.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar, copy_context
from dataclasses import replace
from typing import Any

from chalice.app import Chalice, Request

from chalicelib import settings
from chalicelib.http import cors, cross_site, decoding, errors
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call, Declaration, Route, headers_of, method_of
from chalicelib.http.delivery import Overflow, Reply, Sender
from chalicelib.http.log import RequestLog
from chalicelib.http.matching import Matcher, path_of

GREEDY_PATHS = ("/", "/{proxy+}")
GATEWAY_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
# The event key by which the local server asks for the body as bytes instead of base64.
RAW = "vulpes.raw"

_request: ContextVar[Request | None] = ContextVar("request", default=None)
_context: ContextVar[Any] = ContextVar("lambda_context", default=None)
_call: ContextVar[Call | None] = ContextVar("call", default=None)


class VulpesApp(Chalice):  # type: ignore[misc, unused-ignore]
    """A Chalice app made of declared routes.

    `around`: makes a context manager in which each request runs (a store session). `overflow`: stores an answer that
    Lambda cannot carry and gives its address. `log`: where requests are noted. Other options are Chalice's.
    """

    def __init__(
        self,
        app_name: str,
        routes: Iterable[Declaration] = (),
        *,
        around: Callable[[], AbstractContextManager[Any]] = nullcontext,
        overflow: Overflow | None = None,
        log: RequestLog | None = None,
        **options: Any,
    ) -> None:
        # Chalice would take the warnings of every logger under the app's name out of the log.
        super().__init__(app_name, **{"configure_logs": False, **options})
        self.request_log = log or RequestLog()
        self._around = around
        self._sender = Sender(overflow)
        self._registering = threading.Lock()
        self._registered: set[tuple[str, str]] = set()
        if os.environ.get("AWS_CHALICE_CLI_MODE"):
            self._register_greedy()
        else:
            self._take_in(list(routes))

    def _register_greedy(self) -> None:
        """What API Gateway gets; every body goes through it as bytes, whatever its content type."""
        self.api.binary_types = ["*/*"]
        for path in GREEDY_PATHS:
            self.route(path, methods=list(GATEWAY_METHODS), content_types=["*/*"], name="api")(_never_called)

    def _take_in(self, routes: Sequence[Declaration]) -> None:
        # Reply encodes bytes itself; with no binary types Chalice leaves them alone and asks for no Accept header.
        self.api.binary_types = []
        self.register_middleware(self._guarded, "http")
        self.matcher = Matcher(routes)
        for one in routes:
            if isinstance(one, Route):
                self._register(one)

    def _register(self, route: Route) -> None:
        key = route.method, route.path
        if key in self._registered:
            return
        with self._registering:
            if key not in self._registered:
                view, name = self._view_of(route), route.handler.__name__
                self.route(route.path, methods=[route.method], content_types=[], name=name)(view)
                self._registered.add(key)

    def _view_of(self, route: Route) -> Callable[..., Reply]:
        def view(**params: str) -> Reply:
            call = _call.get()
            assert call is not None
            call.params = params
            return self._reply(call)

        view.__name__ = route.handler.__name__
        return view

    # Chalice keeps these two on the app itself, where threads would see each other's.
    @property
    def current_request(self) -> Request | None:
        """Chalice's request of this thread."""
        return _request.get()

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        _request.set(request)

    @property
    def lambda_context(self) -> Any:
        """Lambda's context of this thread."""
        return _context.get()

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        _context.set(context)

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answers an event of API Gateway's REST proxy integration."""
        return copy_context().run(self._serve, event, context)

    def _serve(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        _call.set(None)
        self.lambda_context = context
        try:
            with self._around():
                answered = self._dispatch(event, context)
                self._note(event, answered["statusCode"], started)
                return answered
        except Exception as problem:
            # The session could not be opened or closed.
            return self._failed(problem, event).to_dict()

    def _dispatch(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        method = method_of(event)
        try:
            path = path_of(event)
            if method == "OPTIONS":
                answer = cors.preflight(headers_of(event), self.matcher.methods(path))
                return self._send(answer, event).to_dict()
            match = self.matcher.find(method, path)
            self._register(match.route)
            call = Call(event, path, match.route, match.params)
        except Exception as problem:
            return self._failed(problem, event).to_dict()
        _call.set(call)
        answered: dict[str, Any] = super().__call__(_for_chalice(event, call), context)
        return answered

    def _guarded(self, request: Request, proceed: Callable[[Request], Any]) -> Any:
        """A failure in another middleware is answered in our shape, too."""
        try:
            return proceed(request)
        except Exception as problem:
            return self._failed(problem, request.to_original_event())

    def _reply(self, call: Call) -> Reply:
        try:
            return self._send(_answer_to(call), call.event, call.headers)
        except Exception as problem:
            return self._failed(problem, call.event)

    def _failed(self, problem: Exception, event: dict[str, Any]) -> Reply:
        if errors.is_fault(problem):
            call, method = _call.get(), method_of(event)
            route = call.route.path if call else None
            self.request_log.failure(problem, route=route, method=method, request_id=request_id())
        return self._send(errors.answer(problem), event)

    def _send(self, answer: Answer, event: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
        known = settings.current()
        return self._sender.send(
            answer,
            headers_of(event) if headers is None else headers,
            method_of(event),
            raw=bool(event.get(RAW)),
            limit=known.answer_limit,
            origins=known.cors_origins,
        )

    def _note(self, event: dict[str, Any], status: int, started: float) -> None:
        call = _call.get()
        self.request_log.request(
            route=call.route.path if call else None,
            method=method_of(event),
            status=status,
            ms=(time.perf_counter() - started) * 1000,
            caller=call.caller if call else None,
            request_id=request_id(),
            address=call.peer if call else "",
        )


def _answer_to(call: Call) -> Answer:
    """The order of one request: who, the body's syntax, may they, the body's type, the handler."""
    route = call.route
    route.access.identify(call)
    cross_site.refuse(call, settings.current())
    decoding.read(call, settings.current().upload_limit)
    route.access.check(call)
    decoding.typed(call)
    value = route.handler(call)
    if not isinstance(value, Answer):
        return Answer(value, route.status)
    # A handler may answer with a constant of its module: never changed in place.
    return value if value.status is not None else replace(value, status=route.status)


def _for_chalice(event: dict[str, Any], call: Call) -> dict[str, Any]:
    """The event as API Gateway would send it, had it the route as a resource of its own."""
    asked = {**event.get("requestContext", {}), "resourcePath": call.route.path, "httpMethod": call.route.method}
    return {
        **event,
        "requestContext": asked,
        "pathParameters": call.params,
        "headers": event.get("headers") or {},
        "multiValueQueryStringParameters": event.get("multiValueQueryStringParameters"),
        "stageVariables": event.get("stageVariables"),
        "body": event.get("body"),
    }


def request_id() -> str:
    """What Lambda calls the request of this thread, as the log has it; empty outside of any."""
    return getattr(_context.get(), "aws_request_id", "") or ""


def _never_called() -> None:
    """Stands for the whole API while it is packaged; at run time the routes themselves are registered."""
