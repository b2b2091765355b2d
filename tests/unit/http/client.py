"""Fakes for the tests of http: access rules, and a client that speaks API Gateway's events."""

import base64
import gzip
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from chalicelib.errors import Forbidden, NotSignedIn
from chalicelib.http.application import VulpesApp
from chalicelib.http.call import Call
from chalicelib.http.log import RequestLog
from chalicelib.http.routing import Area, every


class Anybody:
    """A rule that lets everybody in."""

    name = "anybody"
    open = True

    def identify(self, call: Call) -> None:
        call.caller = None

    def check(self, call: Call) -> None: ...


class SignedIn:
    """A rule for those whose token is their name; `mallory` may do nothing."""

    name = "signed in"
    open = False

    def identify(self, call: Call) -> None:
        if call.token_text is None:
            raise NotSignedIn("Sign in first.")
        call.caller = {"id": call.token_text}

    def check(self, call: Call) -> None:
        if call.caller["id"] == "mallory":
            raise Forbidden()


anybody, signed_in = Anybody(), SignedIn()


@dataclass
class Got:
    """An answer, as a client behind API Gateway sees it."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes

    @property
    def json(self) -> Any:
        text = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return json.loads(text)


def event(
    method: str,
    path: str,
    *,
    body: str | bytes | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str | list[str]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An event of API Gateway's REST proxy integration; bytes travel as base64."""
    encoded = isinstance(body, bytes)
    several = {name: value if isinstance(value, list) else [value] for name, value in (query or {}).items()}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in (headers or {}).items()},
        "queryStringParameters": {name: values[-1] for name, values in several.items()} or None,
        "multiValueQueryStringParameters": several or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"httpMethod": method, "path": path, "identity": {"sourceIp": "192.0.2.7"}},
        "body": base64.b64encode(body).decode() if encoded else body,
        "isBase64Encoded": encoded,
        **more,
    }


@dataclass
class Client:
    """Sends requests to an app of these areas; `lines` is what it logged."""

    areas: list[Area]
    options: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        log = self.options.pop("log", None) or RequestLog(self.lines.append, self.options.pop("counter", None))
        self.app = VulpesApp("test", every(self.areas), log=log, configure_logs=False, env={}, **self.options)

    def send(self, method: str, path: str, **options: Any) -> Got:
        return read(self.app(event(method, path, **options), None))

    def get(self, path: str, **options: Any) -> Got:
        return self.send("GET", path, **options)

    def post_json(self, path: str, value: Any, method: str = "POST", **options: Any) -> Got:
        headers = {"Content-Type": "application/json", **options.pop("headers", {})}
        return self.send(method, path, body=json.dumps(value), headers=headers, **options)

    def post_form(self, path: str, fields: dict[str, str], **options: Any) -> Got:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, body=urlencode(fields), headers=headers, **options)

    def post_parts(self, path: str, body: bytes, boundary: str = "edge", **options: Any) -> Got:
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.send("POST", path, body=body, headers=headers, **options)


def read(answered: dict[str, Any]) -> Got:
    """What a client gets out of a Lambda answer."""
    json.dumps(answered)
    body = answered["body"]
    data = base64.b64decode(body) if answered["isBase64Encoded"] else body.encode()
    headers = {name.lower(): value for name, value in answered["headers"].items()}
    return Got(answered["statusCode"], headers, answered["multiValueHeaders"].get("Set-Cookie", []), data)


def parts(*entries: tuple[str, bytes], boundary: str = "edge") -> bytes:
    """A multipart body of (headers, content)."""
    edge = f"--{boundary}".encode()
    return (
        b"".join(edge + b"\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n" for head, data in entries) + edge + b"--"
    )


def text_part(name: str, value: str) -> tuple[str, bytes]:
    return f'Content-Disposition: form-data; name="{name}"', value.encode()


def file_part(name: str, filename: str, data: bytes, kind: str = "image/png") -> tuple[str, bytes]:
    return f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}', data
