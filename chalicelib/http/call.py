"""One request, as access rules and handlers see it, and the route that it asks for."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from chalicelib.http.cookies import parse_cookies
from chalicelib.settings import current

# Mobile forms have names of their own: CriOS, FxiOS, EdgA, EdgiOS, OPR, OPT, OPiOS (contract: people.md, 2.2).
_BROWSER = re.compile(
    r"Chrome/|Chromium/|CriOS/|Firefox/|FxiOS/|Safari/|Edg|OPR/|OPT/|OPiOS/|Opera|Brave|Vivaldi", re.I
)
ACCESS_COOKIE = "access_token_cookie"
REFRESH_COOKIE = "refresh_token_cookie"


class UploadedFile(NamedTuple):
    """A file part of a multipart body; `filename` has no folders, `content_type` is what was said, maybe nothing."""

    field: str
    filename: str
    content_type: str
    data: bytes


class AccessRule(Protocol):
    """Who may call a route. `identify` runs before the body is looked at, `check` after (design, section 3)."""

    @property
    def name(self) -> str:
        """How documentation and the role matrix call the rule."""

    @property
    def open(self) -> bool:
        """Whether nobody (no token) may call."""

    def identify(self, call: "Call") -> None:
        """Sets `call.caller`; NotSignedIn or InvalidToken where there is no good token and one is needed."""

    def check(self, call: "Call") -> None:
        """NotFound or Forbidden where the caller may not; may keep the record it read in `call.subject`."""


Handler = Callable[["Call"], Any]


class Declaration(Protocol):
    """A method of a path: a route, or what leads to one."""

    @property
    def method(self) -> str:
        """In capitals."""

    @property
    def path(self) -> str:
        """With its parameters in braces."""

    def declared(self) -> "Route":
        """The route."""


@dataclass(slots=True)
class Route:
    """One method of one path.

    `body`: a msgspec.Struct type (or `list[…]` of one), or an object whose `schema()` gives JSON Schema: then the
    JSON passes through as it is.
    `query`: for the documentation: a Struct type, or names with a description or a JSON Schema each.
    `answer`: for the documentation: a type, an object with `schema()`, or a content type ("image/png").
    `status`: the status of a plain return value. `form`: form fields and the query are the body, too.
    `files`: multipart with files. `text`: the body is taken as bytes, whatever
    it is, so many at most. `large`: the route for files that no request holds, empty where there is none.
    `changes`: a GET that changes something, as the contract has some.
    """

    method: str
    path: str
    handler: Handler
    access: AccessRule
    area: str
    body: Any = None
    query: Any = None
    answer: Any = None
    status: int = 200
    form: bool = False
    files: bool = False
    text: int = 0
    large: str | None = None
    changes: bool = False
    summary: str | None = None

    def declared(self) -> "Route":
        """Itself."""
        return self

    @property
    def reads_body(self) -> bool:
        """Whether what is sent is looked at; other routes ignore it."""
        return self.body is not None or self.form or self.files or self.text > 0

    @property
    def title(self) -> str:
        """The summary, else the first line of the handler's docstring."""
        if self.summary:
            return self.summary
        lines = (self.handler.__doc__ or "").strip().splitlines()
        return lines[0] if lines else self.handler.__name__.replace("_", " ")


class Call:
    """One request.

    `params`: of the path. `query`: the first value of each key. `headers`: names in lower case.
    `body`: of the route's declared type. `form`, `files`: of a form. `caller`, `subject`: what the access rule found.
    `method` is GET for a HEAD (`is_head` tells).
    """

    __slots__ = (
        "_cookies",
        "body",
        "caller",
        "event",
        "files",
        "form",
        "headers",
        "is_head",
        "method",
        "params",
        "path",
        "query",
        "route",
        "subject",
    )

    def __init__(self, event: dict[str, Any], path: str, route: Route, params: dict[str, str]) -> None:
        self.event = event
        self.path = path
        self.route = route
        self.params = params
        self.method = route.method
        self.is_head = method_of(event) == "HEAD"
        self.headers = headers_of(event)
        self.query = _query_of(event)
        self.body: Any = None
        self.form: dict[str, str] = {}
        self.files: list[UploadedFile] = []
        self.caller: Any = None
        self.subject: Any = None
        self._cookies: dict[str, str] | None = None

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that were sent."""
        if self._cookies is None:
            # Over HTTP/2 a client may send its cookies in several headers.
            several = self.event.get("multiValueHeaders") or {}
            lines = several.get("Cookie") or several.get("cookie") or [self.headers.get("cookie", "")]
            self._cookies = parse_cookies(map(whole, lines))
        return self._cookies

    @property
    def token_text(self) -> str | None:
        """The access token: a bearer token, else the cookie; other schemes of `Authorization` are none."""
        return self._bearer() or self.cookies.get(ACCESS_COOKIE) or None

    @property
    def refresh_token_text(self) -> str | None:
        """The refresh token: a bearer token, else its cookie."""
        return self._bearer() or self.cookies.get(REFRESH_COOKIE) or None

    @property
    def has_bearer(self) -> bool:
        """Whether a token came in the header: the cookie, which browsers send unasked, counts for nothing then."""
        return self._bearer() is not None

    def _bearer(self) -> str | None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    @property
    def ip(self) -> str:
        """The address of the client as it is noted: `X-Real-IP`, else the peer (contract: people.md, 2.3)."""
        given: str = self.headers.get("x-real-ip", "").strip()
        return given or self.peer

    @property
    def peer(self) -> str:
        """Where the request comes from, whatever its headers say.

        Behind the distribution of the stack it is the address that this one saw, which it adds (infra/aws/edge.js); who
        passed it is known by a header of its own.
        """
        key, told = current().edge_key, self.headers.get("x-vulpes-edge", "")
        if key and hmac.compare_digest(told.encode(), key.encode()):
            return str(self.headers.get("x-vulpes-viewer", ""))
        identity = self.event.get("requestContext", {}).get("identity") or {}
        return str(identity.get("sourceIp") or "")

    @property
    def is_browser(self) -> bool:
        """Whether the user agent is a browser: these get cookies besides tokens (contract: people.md, 2.2)."""
        return _BROWSER.search(self.headers.get("user-agent", "")) is not None

    @property
    def is_secure(self) -> bool:
        """Whether the client came by HTTPS."""
        return self.headers.get("x-forwarded-proto", "http").split(",")[0].strip() == "https"

    @property
    def base_url(self) -> str:
        """Scheme, host and prefix under which the client reached the API.

        The client decides the host: links that are mailed take `settings.site_url` instead.
        """
        scheme = "https" if self.is_secure else "http"
        return f"{scheme}://{self.headers.get('host', 'localhost')}{self.prefix}"

    @property
    def prefix(self) -> str:
        """What stands before the path in the address that the client used: `/api`, or nothing."""
        whole: str = self.event.get("requestContext", {}).get("path") or self.path
        prefix = whole[: -len(self.path)] if whole.endswith(self.path) else ""
        return prefix.rstrip("/")

    def knows(self, etag: str) -> bool:
        """Whether the client holds this version already (`If-None-Match`); weak and strong tags compare alike.

        A handler that knows its tag before it has its answer saves the work: `answers.not_modified(etag)`.
        """
        return is_known(self.headers, etag)


def is_known(headers: dict[str, str], etag: str) -> bool:
    """Whether `If-None-Match` among the headers names this tag."""
    named = headers.get("if-none-match")
    if not named:
        return False
    wanted = etag.removeprefix("W/")
    return named.strip() == "*" or any(one.strip().removeprefix("W/") == wanted for one in named.split(","))


def method_of(event: dict[str, Any]) -> str:
    """The method of an API Gateway event, in capitals."""
    method: str = event.get("httpMethod") or event.get("requestContext", {}).get("httpMethod") or "GET"
    return method.upper()


def headers_of(event: dict[str, Any]) -> dict[str, str]:
    """The headers of an API Gateway event, names in lower case."""
    return {name.lower(): whole(value) for name, value in (event.get("headers") or {}).items()}


def _query_of(event: dict[str, Any]) -> dict[str, str]:
    several = event.get("multiValueQueryStringParameters")
    if several:
        # API Gateway's plain map holds the last value of a key, clients of the original expect the first to count.
        return {whole(name): whole(values[0]) if values else "" for name, values in several.items()}
    return {whole(name): whole(value) for name, value in (event.get("queryStringParameters") or {}).items()}


def whole(text: str) -> str:
    """Text without halves of surrogate pairs, which nothing further on could encode."""
    return text if text.isascii() else text.encode(errors="replace").decode()
