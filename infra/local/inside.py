"""Asking the app within its own process, as the local server does: for the demo, the bench, the tests."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus, urlencode

App = Callable[[dict[str, Any], Any], dict[str, Any]]


class Answered:
    """One answer: `status`, `headers` (names in lower case), `content`; `json` reads it."""

    def __init__(self, answered: dict[str, Any]) -> None:
        self.status: int = answered["statusCode"]
        self.headers = {name.lower(): value for name, value in answered["headers"].items()}
        self.several: Mapping[str, Sequence[str]] = answered.get("multiValueHeaders") or {}
        body = answered["body"]
        self.content: bytes = body if isinstance(body, bytes) else (body or "").encode()

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.content)

    def __getitem__(self, key: Any) -> Any:
        return self.json[key]


def ask(
    app: App,
    method: str,
    path: str,
    body: Any = None,
    *,
    params: Mapping[str, Any] | None = None,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
    raw: bytes | None = None,
) -> Answered:
    """Sends a request. `body` goes as JSON, `raw` as it is; the path may carry a query instead of `params`."""
    path, _, query = path.partition("?")
    several: dict[str, list[str]] = {}
    for part in (query or urlencode(params or {})).split("&"):
        if part:
            name, _, value = part.partition("=")
            several.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    sent = {"Accept": "application/json"}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    if body is not None and raw is None:
        raw, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
    event = {
        "httpMethod": method,
        "path": path,
        "headers": {**sent, **(headers or {})},
        "multiValueHeaders": {},
        "queryStringParameters": {name: values[-1] for name, values in several.items()} or None,
        "multiValueQueryStringParameters": several or None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "requestContext": {"httpMethod": method, "path": path, "identity": {"sourceIp": "127.0.0.1"}},
        "body": raw,
        "isBase64Encoded": False,
        "vulpes.raw": True,
    }
    return Answered(app(event, None))


def form_with_file(name: str, data: bytes, mime: str = "image/png", **fields: str) -> tuple[bytes, dict[str, str]]:
    """A multipart body with one file and some fields, and its header."""
    edge = "----vulpes"
    told = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    head = f"--{edge}\r\n{told}\r\nContent-Type: {mime}\r\n\r\n"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in fields.items()
    ]
    content = "".join(parts).encode() + head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    return content, {"Content-Type": f"multipart/form-data; boundary={edge}"}
