"""The demo production: something to look at after the first start, made through the API like anybody's."""

import io
from collections.abc import Mapping
from typing import Any, Final
from urllib.request import urlopen

from infra.local.inside import App, ask, form_with_file

NAME: Final = "Caminandes"
_PEOPLE: Final = (
    ("Ada", "Lovelace", "manager"),
    ("Sergio", "Lindo", "supervisor"),
    ("Mina", "Okafor", "user"),
    ("Tom", "Reyes", "user"),
    ("Claire", "Client", "client"),
)
# What the field calls them.
_ROLES: Final = {"user": "artist"}
_ASSETS: Final = (
    ("Character", "Llama", "The hero; wants the berries"),
    ("Character", "Penguin", "Was here first"),
    ("Prop", "Fence", "Electric"),
    ("Environment", "Pampa", "Wide and windy"),
)
_COLOURS: Final = ((232, 106, 23), (46, 134, 171), (111, 160, 61), (162, 59, 114))


class Visitor:
    """Asks the app as somebody who signs in; a refusal is a bug of the demo, said plainly."""

    def __init__(self, app: App, email: str, password: str) -> None:
        self._app = app
        self._token: str | None = None
        self._token = self.send("POST", "/auth/login", {"email": email, "password": password})["access_token"]

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Sends a request; the answer, decoded."""
        answered = ask(self._app, method, path, body, token=self._token, **more)
        if answered.status >= 300:
            raise RuntimeError(f"{method} {path} answered {answered.status}: {answered.content[:300]!r}")
        return answered.json

    def read(self, path: str) -> bytes:
        """A file: as it is answered, or from where the answer leads."""
        answered = ask(self._app, "GET", path, token=self._token)
        if answered.status == 302:
            with urlopen(answered.headers["location"], timeout=60) as reply:
                found: bytes = reply.read()
            return found
        if answered.status >= 300:
            raise RuntimeError(f"GET {path} answered {answered.status}: {answered.content[:300]!r}")
        return answered.content

    def upload(self, path: str, name: str, data: bytes) -> Any:
        """Sends a file as a form does; the answer, decoded."""
        content, headers = form_with_file(name, data)
        return self.send("POST", path, raw=content, headers=headers)


def build(app: App, email: str, password: str) -> None:
    """Makes the production with its people, assets, shots, tasks, comments and pictures, unless it is there."""
    visitor = Visitor(app, email, password)
    if any(project["name"] == NAME for project in visitor.send("GET", "/data/projects/all")):
        return
    people = [_person(visitor, *who, password) for who in _PEOPLE]
    types = {(kind["name"], kind["for_entity"]): kind["id"] for kind in visitor.send("GET", "/data/task-types")}
    statuses = {status["short_name"]: status["id"] for status in visitor.send("GET", "/data/task-status")}
    project = visitor.send("POST", "/data/projects", {"name": NAME, "production_type": "short", "fps": "24"})
    root = f"/data/projects/{project['id']}"
    for person in people:
        visitor.send("POST", f"{root}/team", {"person_id": person["id"]})
    for priority, ((_, entity), type_id) in enumerate(types.items(), start=1):
        if entity in ("Asset", "Shot"):
            visitor.send("POST", f"{root}/settings/task-types", {"task_type_id": type_id, "priority": priority})
    for status_id in statuses.values():
        visitor.send("POST", f"{root}/settings/task-status", {"task_status_id": status_id})
    artists = [person for person in people if person["role"] == "user"]
    assets = _assets(visitor, root)
    shots = _shots(visitor, root)
    _work(visitor, project, assets, types["Modeling", "Asset"], statuses, artists)
    _work(visitor, project, shots, types["Animation", "Shot"], statuses, artists)


def told() -> str:
    """What there is to look at, in a sentence or two."""
    people = ", ".join(f"{_email(name)} ({_ROLES.get(role, role)})" for name, _, role in _PEOPLE)
    return f"{NAME}, a demo. People in it, with the same password: {people}"


def _email(first_name: str) -> str:
    return f"{first_name}@example.com".lower()


def _person(visitor: Visitor, first_name: str, last_name: str, role: str, password: str) -> Any:
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "email": _email(first_name),
        "role": role,
        "password": password,
    }
    return visitor.send("POST", "/data/persons", values)


def _assets(visitor: Visitor, root: str) -> list[Any]:
    kinds = {kind["name"]: kind["id"] for kind in visitor.send("GET", "/data/asset-types")}
    return [
        visitor.send("POST", f"{root}/asset-types/{kinds[kind]}/assets/new", {"name": name, "description": told})
        for kind, name, told in _ASSETS
    ]


def _shots(visitor: Visitor, root: str) -> list[Any]:
    made = []
    for number in (1, 2):
        sequence = visitor.send("POST", f"{root}/sequences", {"name": f"SQ{number:02}"})
        for shot in (10, 20, 30):
            values = {"name": f"SH{shot:03}", "sequence_id": sequence["id"], "nb_frames": 48 + shot}
            made.append(visitor.send("POST", f"{root}/shots", values))
    return made


def _work(
    visitor: Visitor, project: Any, entities: list[Any], type_id: str, statuses: Mapping[str, str], artists: list[Any]
) -> None:
    """A task on each entity; the first ones are under way and have a picture."""
    kind = "assets" if entities[0]["type"] == "Asset" else "shots"
    path = f"/actions/projects/{project['id']}/task-types/{type_id}/{kind}/create-tasks"
    tasks = visitor.send("POST", path, [entity["id"] for entity in entities])
    for number, task in enumerate(tasks):
        visitor.send("PUT", f"/actions/tasks/{task['id']}/assign", {"person_id": artists[number % 2]["id"]})
        if number < 3:
            _take(visitor, task, statuses[("wip", "wfa", "done")[number]], number)


def _take(visitor: Visitor, task: Any, status_id: str, number: int) -> None:
    thread = f"/actions/tasks/{task['id']}"
    comment = visitor.send("POST", f"{thread}/comment", {"task_status_id": status_id, "comment": "Have a look"})
    preview = visitor.send("POST", f"{thread}/comments/{comment['id']}/add-preview", {})
    visitor.upload(f"/pictures/preview-files/{preview['id']}", f"take-{number + 1}.png", _picture(number))
    visitor.send("PUT", f"/actions/preview-files/{preview['id']}/set-main-preview", {})


def _picture(number: int) -> bytes:
    """A picture like a horizon at dusk, so that every take looks different."""
    from PIL import Image, ImageDraw

    width, height = 960, 540
    sky, ground = _COLOURS[number % 4], _COLOURS[(number + 1) % 4]
    image = Image.new("RGB", (width, height), sky)
    draw = ImageDraw.Draw(image)
    draw.ellipse((600, 120 + 40 * number, 760, 280 + 40 * number), fill=(255, 236, 179))
    draw.polygon([(0, height), (0, 380), (300, 300), (620, 400), (width, 330), (width, height)], fill=ground)
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
