"""A studio moves from one server to another: cut off twice, then whole; and what changed over there comes after."""

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from infra.migrate import lists
from tests.stack.test_quickstart import ROOT, running

EMAIL, PASSWORD = "admin@example.com", "mysecretpassword"
# What the API of another studio does not tell, and what a sign-in changes.
OF_ONE_STUDIO = ("last_presence", "login_failed_attemps", "last_login_failed", "updated_at")
FILES = (
    "/pictures/originals/preview-files/{}.png",
    "/pictures/previews/preview-files/{}.png",
    "/pictures/thumbnails/preview-files/{}.png",
    "/pictures/thumbnails-square/preview-files/{}.png",
)


class Client:
    """Somebody who talks to a server."""

    def __init__(self, url: str, email: str = EMAIL, password: str = PASSWORD) -> None:
        self.url = f"{url}/api"
        self.session = requests.Session()
        token = self.post("/auth/login", {"email": email, "password": password})["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: Any) -> Any:
        reply = self.session.get(f"{self.url}{path}", params=query, timeout=60)
        assert reply.status_code == 200, (path, reply.text)
        return reply.json()

    def post(self, path: str, body: Any = None, data: bytes | None = None, name: str = "picture.png") -> Any:
        more = {"files": {"file": (name, data)}} if data is not None else {"json": {} if body is None else body}
        reply = self.session.post(f"{self.url}{path}", timeout=60, **more)  # type: ignore[arg-type]
        assert reply.status_code < 300, (path, reply.text)
        return reply.json()

    def put(self, path: str, body: Any) -> Any:
        reply = self.session.put(f"{self.url}{path}", json=body, timeout=60)
        assert reply.status_code == 200, (path, reply.text)
        return reply.json()

    def checksum(self, path: str) -> str:
        reply = self.session.get(f"{self.url}{path}", timeout=60)
        assert reply.status_code == 200, (path, reply.text)
        return hashlib.sha256(reply.content).hexdigest()

    def close(self) -> None:
        self.session.close()


def picture(number: int) -> bytes:
    target = io.BytesIO()
    Image.linear_gradient("L").resize((40 + number, 30)).convert("RGB").save(target, "PNG")
    return target.getvalue()


def fill(client: Client) -> dict[str, Any]:
    """A production with something of each kind."""
    types = {one["name"]: one["id"] for one in client.get("/data/entity-types")}
    statuses = {one["short_name"]: one["id"] for one in client.get("/data/task-status")}
    task_types = [one for one in client.get("/data/task-types") if one["for_entity"] == "Asset"][:2]
    department = client.get("/data/departments")[0]["id"]
    names = ("Ada", "Björn", "Chloé")
    people = [
        client.post("/data/persons", {"first_name": one, "last_name": "Doe", "email": f"p{n}@example.com"})["id"]
        for n, one in enumerate(names)
    ]
    client.post(f"/pictures/thumbnails/persons/{people[0]}", data=picture(9))
    project = client.post("/data/projects", {"name": "Sintel", "team": people, "data": {"mood": ["dark", 1]}})["id"]
    below = f"/data/projects/{project}"
    client.post("/data/task-type-links", {"project_id": project, "task_type_id": task_types[0]["id"], "priority": 3})
    client.post(f"{below}/settings/task-status", {"task_status_id": statuses["wip"]})
    column = {"name": "Mood", "data_type": "string", "entity_type": "Asset", "departments": [department]}
    client.post(f"{below}/metadata-descriptors", column)
    assets = [
        client.post(f"{below}/asset-types/{types['Prop']}/assets/new", {"name": f"Prop {n}", "data": {"mood": n}})
        for n in range(12)
    ]
    sequence = client.post(f"{below}/sequences", {"name": "SQ01"})["id"]
    shot = client.post(f"{below}/shots", {"name": "SH01", "sequence_id": sequence})["id"]
    client.put(f"{below}/entities/{shot}/casting", [{"asset_id": assets[0]["id"], "nb_occurences": 2}])
    tasks = [
        task
        for one in task_types
        for task in client.post(f"/actions/projects/{project}/task-types/{one['id']}/assets/create-tasks", [])
    ]
    client.put(f"/actions/persons/{people[0]}/assign", {"task_ids": [one["id"] for one in tasks[:5]]})
    told = {"task_status_id": statuses["wip"], "comment": "Rounder, @Ada Doe", "checklist": [{"text": "ears"}]}
    comments = [client.post(f"/actions/tasks/{task['id']}/comment", told) for task in tasks for _ in range(2)]
    for number, one in enumerate(comments[:8]):
        here = f"/tasks/{one['object_id']}/comments/{one['id']}"
        preview = client.post(f"/actions{here}/add-preview")["id"]
        client.post(f"/pictures/preview-files/{preview}", data=picture(number))
        drawing = {"time": 0, "drawing": {"objects": [{"id": "a", "path": [1, 2]}]}}
        client.put(f"/actions/preview-files/{preview}/update-annotations", {"additions": [drawing]})
        client.post(f"/actions{here}/add-attachment", data=b"bytes %d" % number, name=f"note {number}.txt")
        client.post(f"/data{here}/reply", {"text": "Done"})
    day = {"date": "2026-03-02", "end_date": "2026-03-04", "person_id": people[1]}
    client.post("/data/day-offs/", day)
    client.post(f"/actions/tasks/{tasks[0]['id']}/time-spents/2026-03-05/persons/{people[0]}", {"duration": 90})
    shots = [{"entity_id": assets[0]["id"], "preview_file_id": preview}]
    client.post("/data/playlists/", {"name": "Dailies", "project_id": project, "for_entity": "asset", "shots": shots})
    client.post("/data/milestones/", {"name": "Pilot", "date": "2026-05-01", "project_id": project})
    client.get(f"{below}/schedule-items/task-types")
    budget = client.post(f"{below}/budgets", {"name": "First", "currency": "EUR"})["id"]
    entry = {"department_id": department, "start_date": "2026-01-01", "months_duration": 3, "daily_salary": 200}
    client.post(f"{below}/budgets/{budget}/entries", entry)
    client.post(f"/actions/user/tasks/{tasks[1]['id']}/subscribe")
    client.post("/data/search-filters/", {"list_type": "asset", "name": "mine", "search_query": "mood=1"})
    return {"project": project, "comments": comments, "assets": assets, "tasks": tasks, "people": people}


class Move:
    """`python -m infra.migrate kitsu` in a process of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.command = [sys.executable, "-m", "infra.migrate", "kitsu", "--from", url, "--email", EMAIL]
        self.command += ["--data", str(folder / "data"), "--state", str(folder / "state.json")]
        named = {name: value for name, value in os.environ.items() if not name.startswith("VULPES_")}
        self.environment = {**named, "KITSU_PASSWORD": PASSWORD}

    def kill_at(self, label: str) -> None:
        """Ends it as hard as it gets when it says that a step is done."""
        process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        seen = any(line.startswith(label) for line in process.stderr)
        process.kill()
        process.communicate()
        assert seen, label

    def run(self) -> dict[str, list[int]]:
        """Lets it come to its end; by kind, how many there are there and here, were written, and differ."""
        done = subprocess.run(self.command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (done.stdout, done.stderr)
        rows = [line.split() for line in done.stdout.splitlines()[1:] if len(line.split()) == 5]
        assert "Nothing differs." in done.stdout
        return {name: [int(one) for one in numbers] for name, *numbers in rows}


def shown(client: Client, project: str) -> dict[str, Any]:
    """All that the lists tell, by route and id."""
    found: dict[str, Any] = {}
    for one in (*lists.STUDIO_LISTS, *(one.of(project) for one in lists.PROJECT_LISTS), *lists.SCATTERED_LISTS):
        rows = client.get(one.path, **one.query)
        rows = rows["data"] if isinstance(rows, dict) else rows
        found |= {f"{one.path} {row['id']}": _comparable(row) for row in rows}
    for path in ("/data/projects/open", f"/data/projects/{project}/team", f"/data/projects/{project}/budgets"):
        found |= {f"{path} {row['id']}": _comparable(row) for row in client.get(path)}
    return found


def differences(here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """What is not the same, field by field."""
    found: dict[str, Any] = {}
    for name in here.keys() | there.keys():
        left, right = here.get(name, {}), there.get(name, {})
        fields = {one for one in left.keys() | right.keys() if left.get(one) != right.get(one)}
        found |= {f"{name} {one}": (left.get(one), right.get(one)) for one in fields}
    return found


def _comparable(row: dict[str, Any]) -> Any:
    if row.get("type") == "Person":
        row = {name: value for name, value in row.items() if name not in OF_ONE_STUDIO}
    return {name: sorted(map(str, one)) if isinstance(one, list) else one for name, one in row.items()}


def files_of(client: Client, made: dict[str, Any]) -> dict[str, str]:
    """The checksums of all files."""
    previews = client.get(f"/data/projects/{made['project']}/preview-files")
    attached = client.get(f"/data/projects/{made['project']}/attachment-files")
    paths = [path.format(one["id"]) for one in previews for path in FILES]
    paths += [f"/data/attachment-files/{one['id']}/file/any" for one in attached]
    paths += [f"/pictures/thumbnails/persons/{made['people'][0]}.png"]
    return {path: client.checksum(path) for path in paths}


@pytest.fixture
def source() -> Iterator[str]:
    with running("--memory", "--empty") as server:
        yield server.url


def test_a_studio_moves_though_it_is_cut_off_twice(source: str, tmp_path: Path) -> None:
    there = Client(source)
    made = fill(there)
    move = Move(source, tmp_path)
    move.kill_at("comment ")
    move.kill_at("files of attachment_file")
    counts = move.run()
    assert counts["task"][:2] == [24, 24]
    assert counts["comment"][:2] == [48, 48]
    assert counts["preview_file"][:2] == counts["attachment_file"][:2] == [8, 8]
    expected = {"day_off", "playlist", "milestone", "schedule_item", "budget", "budget_entry", "subscription", "news"}
    assert expected | {"time_spent", "entity_link", "metadata_descriptor", "search_filter"} <= counts.keys()

    assert not any(written for _, _, written, _ in move.run().values()), "a second run changes nothing"

    there.put(f"/data/comments/{made['comments'][0]['id']}", {"text": "Rounder still"})
    there.put(f"/data/entities/{made['assets'][1]['id']}", {"name": "Chair"})
    task = made["tasks"][2]
    there.post(f"/actions/tasks/{task['id']}/comment", {"task_status_id": task["task_status_id"], "comment": "New"})
    after = move.run()
    assert after["comment"][:3] == [49, 49, 2]
    assert after["entity"][2] == 1

    with running("--data", str(tmp_path / "data")) as server:
        here = Client(server.url)
        try:
            assert differences(shown(here, made["project"]), shown(there, made["project"])) == {}
            assert files_of(here, made) == files_of(there, made)
            # Lists tell moments to the second: two comments of one may change places.
            thread = f"/data/tasks/{made['comments'][0]['object_id']}/comments"
            assert sorted(here.get(thread), key=itemgetter("id")) == sorted(there.get(thread), key=itemgetter("id"))
            assert len(here.get(f"/data/persons/{made['people'][0]}/tasks")) == 5
            # What comes after the move goes on from there.
            here.post(f"/actions/tasks/{task['id']}/comment", {"task_status_id": task["task_status_id"]})
            assert here.session.post(f"{here.url}/data/projects", json={"name": "Sintel"}).status_code == 400
        finally:
            here.close()
            there.close()
    assert "password" not in (tmp_path / "state.json").read_text()
    assert json.loads((tmp_path / "state.json").read_text())["source"] == f"{source}/api"
