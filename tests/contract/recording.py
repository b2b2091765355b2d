"""The client that scenarios are written for: it sends requests and keeps the normalised record of each.

A request is a *step*. Ids, dates and tokens in it become symbols, so that two runs are alike. Scenarios use what is
here by its names (`Api`, `Reply`, `image_size`), also `Api._keep`; they come from the contract and are not changed.
"""

import datetime
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import requests
from PIL import Image

from tests.contract.comparison import ANY, REFUSED
from tests.contract.material import Step

ADMIN_EMAIL, ADMIN_PASSWORD = "admin@example.com", "mysecretpassword"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
HTTP_DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
# Compared by presence alone.
FREE_KEYS = frozenset({"message", "description_cache", "stacktrace"})
_DAYS = ((0, "<today>"), (-1, "<yesterday>"), (1, "<tomorrow>"))
_POLL_SECONDS = 0.02
# All that is normalised has a digit and one of these; most texts have not.
_MAY_VARY = re.compile(r"[-:.]")


class Normaliser:
    """Turns ids into <id:N> in order of first appearance; dates and tokens into symbols."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def text(self, value: str, assign: bool = True) -> str:
        """A text with symbols. `assign=False` gives ids that were not seen before no number."""
        if not _MAY_VARY.search(value):
            return value
        if "eyJ" in value:
            value = JWT.sub("<jwt>", value)
        if ":" in value:
            value = HTTP_DATE.sub("<datetime>", DATETIME.sub("<datetime>", value))
        today = datetime.datetime.now(datetime.UTC).date()
        for shift, name in _DAYS:
            value = value.replace((today + datetime.timedelta(days=shift)).isoformat(), name)
        return UUID.sub(lambda found: self._id(found.group(0).lower(), assign), value)

    def _id(self, found: str, assign: bool) -> str:
        if found not in self.ids:
            if not assign:
                return "<id:?>"
            self.ids[found] = f"<id:{len(self.ids) + 1}>"
        return self.ids[found]

    def body(self, value: Any, ordered: bool, ignore: Any) -> Any:
        """A body with symbols; lists are sorted where their order does not count, the keys to ignore are blanked."""
        return self._named(self._sorted(value, ordered, FREE_KEYS.union(ignore)))

    def _sorted(self, value: Any, ordered: bool, ignore: frozenset[str]) -> Any:
        if isinstance(value, dict):
            return {key: ANY if key in ignore else self._sorted(held, ordered, ignore) for key, held in value.items()}
        if isinstance(value, list):
            items = [self._sorted(held, ordered, ignore) for held in value]
            if not ordered and len(items) > 1:
                items.sort(key=lambda held: self.text(json.dumps(held, sort_keys=True), assign=False))
            return items
        if isinstance(value, float):
            value = round(value, 3)
            return int(value) if value == int(value) else value
        return value

    def _named(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.text(key): self._named(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return [self._named(held) for held in value]
        return self.text(value) if isinstance(value, str) else value


class Reply:
    """One answer: .status, .headers, .content, .json; reply["key"] reads the JSON body."""

    def __init__(self, response: requests.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.content = response.content
        self.json: Any = None
        if response.content:
            try:
                self.json = json.loads(response.content)
            except ValueError:
                self.json = None

    def __getitem__(self, key: Any) -> Any:
        return self.json[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.json)

    def __len__(self) -> int:
        return len(self.json)

    def get(self, key: str, default: Any = None) -> Any:
        """A value of the JSON object; the default where it is none, or lacks it."""
        return self.json.get(key, default) if isinstance(self.json, dict) else default


class Api:
    """Sends the requests of one scenario and keeps the normalised record of each."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.tokens: dict[str, Any] = {}
        self.user: str | None = None
        self.steps: list[Step] = []
        self.normaliser = Normaliser()
        self.session = requests.Session()
        self.session.trust_env = False

    def login(self, email: str = ADMIN_EMAIL, password: str = ADMIN_PASSWORD, name: str | None = None) -> Reply:
        """Logs in (a recorded step) and makes that user the current one."""
        name = name or email
        body = {"email": email, "password": password}
        reply = self.post("/auth/login", json=body, user=None, ignore=("ip_address",))
        self.tokens[name] = (reply.get("access_token"), reply.get("refresh_token"))
        self.user = name
        return reply

    def become(self, name: str | None) -> None:
        """Makes a user who has logged in before the current one; None is nobody."""
        self.user = name

    def get(self, path: str, **more: Any) -> Reply:
        """Sends a GET; the options are those of `call`."""
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Reply:
        """Sends a POST; the options are those of `call`."""
        return self.call("POST", path, json=json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> Reply:
        """Sends a PUT; the options are those of `call`."""
        return self.call("PUT", path, json=json, **more)

    def delete(self, path: str, **more: Any) -> Reply:
        """Sends a DELETE; the options are those of `call`."""
        return self.call("DELETE", path, **more)

    def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        params: Any = None,
        data: Any = None,
        files: Any = None,
        headers: Any = None,
        user: str | None = "",
        ordered: bool = False,
        ignore: Any = (),
        compare: bool | str = True,
        redirects: bool = True,
        raw: bytes | None = None,
        token: str | None = None,
    ) -> Reply:
        """Sends one step.

        user: who sends it ("" the current user, None nobody). files: {field: (name, bytes, mime)}. ordered: the order
        of lists counts. ignore: keys compared by presence alone. compare: "status" compares the status alone; False
        records nothing (plumbing). raw: bytes sent as they are. token: "refresh" sends the refresh token.
        """
        who = self.user if user == "" else user
        send = {"Accept": "application/json"}
        if who in self.tokens:
            send["Authorization"] = f"Bearer {self.tokens[who][1 if token == 'refresh' else 0]}"
        send.update(headers or {})
        self.session.cookies.clear()
        response = self.session.request(
            method,
            self.url + path,
            params=params,
            json=json,
            data=raw if raw is not None else data,
            files=files,
            headers=send,
            timeout=120,
            allow_redirects=redirects,
        )
        reply = Reply(response)
        if compare:
            self._keep(method, path, params, json, data, files, who, reply, ordered, ignore, compare)
        return reply

    def wait(self, probe: Callable[[], Any], seconds: float = 30, every: float = _POLL_SECONDS) -> Any:
        """Polls probe() (unrecorded calls: compare=False) until it is true; background work."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = probe()
            if value:
                return value
            time.sleep(every)
            every = min(every * 1.5, 0.5)
        return None

    def _keep(
        self,
        method: str,
        path: str,
        params: Any,
        body: Any,
        data: Any,
        files: Any,
        who: str | None,
        reply: Reply,
        ordered: bool,
        ignore: Any,
        compare: bool | str,
    ) -> None:
        normalise = self.normaliser
        step: Step = {"step": len(self.steps) + 1, "user": who, "method": method, "path": normalise.text(path)}
        if params:
            step["params"] = json.loads(normalise.text(json.dumps(params, sort_keys=True, default=str)))
        if body is not None:
            step["sent"] = normalise.body(body, True, ())
        if data:
            step["form"] = normalise.body(data, True, ()) if isinstance(data, dict) else "<bytes>"
        if files:
            step["files"] = {field: [part[0], len(part[1])] for field, part in files.items()}
        step["status"] = reply.status
        if compare != "status":
            step["type"] = (reply.headers.get("Content-Type") or "").split(";")[0]
            step["body"] = self._body(reply, step["type"], ordered, ignore)
        self.steps.append(step)

    def _body(self, reply: Reply, content_type: str, ordered: bool, ignore: Any) -> Any:
        if reply.status >= 400:
            return REFUSED
        if reply.json is not None:
            return self.normaliser.body(reply.json, ordered, ignore)
        if content_type.startswith("text/"):
            return self.normaliser.text(reply.content.decode("utf-8-sig", "replace")).splitlines()
        if content_type.startswith("image/"):
            return {"image": image_size(reply.content)}
        return {"bytes": True} if reply.content else None


def image_size(content: bytes) -> list[int] | None:
    """The size of a PNG, JPEG or GIF as [width, height], None where it is none: enough to compare a thumbnail."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            return list(image.size)
    except OSError:
        return None
