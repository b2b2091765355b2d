"""A client that calls the app in process, the way API Gateway would."""

import json
from typing import Any
from urllib.parse import unquote_plus, urlencode

ADMIN, PASSWORD = "admin@example.com", "mysecretpassword"


class Reply:
    """One answer."""

    def __init__(self, answered: dict[str, Any]) -> None:
        self.status: int = answered["statusCode"]
        self.headers = {name.lower(): value for name, value in answered["headers"].items()}
        self.several = answered.get("multiValueHeaders") or {}
        body = answered["body"]
        self.content: bytes = body if isinstance(body, bytes) else (body or "").encode()

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    def __getitem__(self, key: Any) -> Any:
        return self.json[key]


class Api:
    """Sends requests as a user who has signed in under a name; `user=None` is nobody."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.tokens: dict[str, str] = {}
        self.people: dict[str, Any] = {}

    def sign_in(self, email: str = ADMIN, password: str = PASSWORD, name: str = "admin") -> dict[str, Any]:
        reply = self.post("/auth/login", {"email": email, "password": password}, user=None)
        assert reply.status == 200, reply.content
        self.tokens[name] = reply["access_token"]
        self.people[name] = reply["user"]
        person: dict[str, Any] = reply["user"]
        return person

    def person(self, role: str = "user", name: str | None = None, **fields: Any) -> dict[str, Any]:
        """A person of that role, made by the administrator and signed in under the name."""
        name = name or role
        email = f"{name}@example.com"
        values = {"first_name": name.capitalize(), "last_name": "Doe", "email": email, "role": role, **fields}
        made = self.post("/data/persons", {**values, "password": PASSWORD})
        assert made.status == 201, made.content
        self.sign_in(email, name=name)
        person: dict[str, Any] = made.json
        return person

    def get(self, path: str, params: dict[str, Any] | None = None, **more: Any) -> Reply:
        return self.call("GET", path, params=params, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Reply:
        return self.call("PUT", path, body, **more)

    def delete(self, path: str, params: dict[str, Any] | None = None, **more: Any) -> Reply:
        return self.call("DELETE", path, params=params, **more)

    def upload(self, path: str, name: str, data: bytes, mime: str = "image/png", **more: Any) -> Reply:
        """A multipart form with one file."""
        edge = "----vulpes"
        told = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        head = f"--{edge}\r\n{told}\r\nContent-Type: {mime}\r\n\r\n"
        raw = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        return self.call(
            "POST", path, raw=raw, headers={"Content-Type": f"multipart/form-data; boundary={edge}"}, **more
        )

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: dict[str, Any] | None = None,
        user: str | None = "admin",
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        path, _, query = path.partition("?")
        pairs = [part.partition("=")[::2] for part in (query or urlencode(params or {})).split("&") if part]
        sent = {"Accept": "application/json", **({"Authorization": f"Bearer {self.tokens[user]}"} if user else {})}
        if body is not None and raw is None:
            raw, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        several: dict[str, list[str]] = {}
        for key, value in pairs:
            several.setdefault(unquote_plus(key), []).append(unquote_plus(value))
        event = {
            "httpMethod": method,
            "path": path,
            "headers": {**sent, **(headers or {})},
            "multiValueHeaders": {},
            "queryStringParameters": {key: values[-1] for key, values in several.items()} or None,
            "multiValueQueryStringParameters": several or None,
            "pathParameters": {"proxy": path.lstrip("/")},
            "requestContext": {"httpMethod": method, "path": path, "identity": {"sourceIp": "127.0.0.1"}},
            "body": raw,
            "isBase64Encoded": False,
            "vulpes.raw": True,
        }
        return Reply(self.app(event, None))
