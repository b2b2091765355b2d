"""A client that calls the app in process, the way API Gateway would, as one of several people."""

from typing import Any

from chalicelib.access import tokens
from chalicelib.records.people import PERSON
from chalicelib.store import reads
from infra.local.inside import Answered, ask, form_with_file
from tests import aws_limits

ADMIN, PASSWORD = "admin@example.com", "mysecretpassword"


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
        person: dict[str, Any] = made.json
        self.tokens[name], self.people[name] = tokens.issue(reads.get(PERSON, person["id"])), person
        return person

    def get(self, path: str, params: dict[str, Any] | None = None, **more: Any) -> Answered:
        return self.call("GET", path, params=params, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answered:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answered:
        return self.call("PUT", path, body, **more)

    def delete(self, path: str, params: dict[str, Any] | None = None, **more: Any) -> Answered:
        return self.call("DELETE", path, params=params, **more)

    def upload(self, path: str, name: str, data: bytes, mime: str = "image/png", **more: Any) -> Answered:
        """A multipart form with one file."""
        content, headers = form_with_file(name, data, mime)
        return self.call("POST", path, raw=content, headers=headers, **more)

    def call(self, method: str, path: str, body: Any = None, *, user: str | None = "admin", **more: Any) -> Answered:
        answered = ask(self.app, method, path, body, token=self.tokens[user] if user else None, **more)
        assert len(answered.content) <= aws_limits.LAMBDA_ANSWER, f"{method} {path}: more than Lambda passes on"
        return answered
