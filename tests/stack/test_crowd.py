"""Sixteen clients at once, over HTTP, on the embedded engine: nothing breaks, nothing doubles, nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.stack.test_quickstart import Server

CROWD = 16
ACCOUNT = {"email": "admin@example.com", "password": "mysecretpassword"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    started = Server("--memory", "--empty")
    yield started
    started.end()


class Client:
    """One of the crowd, with a connection of its own."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = f"{url}/api"
        self.session = requests.Session()
        token = token or self.send("POST", "/auth/login", ACCOUNT).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.token = token

    def send(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.session.request(method, self.url + path, json=body, timeout=300)


def crowd(server: Server, token: str, work: Callable[[Client, int], Any]) -> list[Any]:
    """What each of the clients got, working at the same moment."""
    gate, answers = threading.Barrier(CROWD), [None] * CROWD

    def run(number: int) -> None:
        client = Client(server.url, token)
        gate.wait()
        answers[number] = work(client, number)
        client.session.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_crowd_creates_comments_and_loses_nothing(server: Server) -> None:
    lead = Client(server.url)
    project = lead.send("POST", "/data/projects", {"name": "Crowded"}).json()
    root = f"/data/projects/{project['id']}"

    kinds = crowd(server, lead.token, lambda one, _: one.send("POST", "/data/entity-types", {"name": "Vehicle"}))
    assert sorted(answer.status_code for answer in kinds) == [201] + [400] * (CROWD - 1)
    vehicle = next(answer.json() for answer in kinds if answer.status_code == 201)

    new = f"{root}/asset-types/{vehicle['id']}/assets/new"
    assets = crowd(server, lead.token, lambda one, number: one.send("POST", new, {"name": f"Truck {number}"}))
    assert {answer.status_code for answer in assets} == {201}
    assert len(lead.send("GET", f"{root}/assets").json()) == CROWD

    sequences = crowd(server, lead.token, lambda one, _: one.send("POST", f"{root}/sequences", {"name": "SQ01"}))
    assert {answer.status_code for answer in sequences} == {201}
    assert len({answer.json()["id"] for answer in sequences}) == 1
    shot = {"name": "SH010", "sequence_id": sequences[0].json()["id"]}
    shots = crowd(server, lead.token, lambda one, _: one.send("POST", f"{root}/shots", shot))
    assert {answer.status_code for answer in shots} == {201}
    assert len(lead.send("GET", f"{root}/shots").json()) == 1

    types = lead.send("GET", "/data/task-types").json()
    statuses = {status["short_name"]: status["id"] for status in lead.send("GET", "/data/task-status").json()}
    animation = next(kind["id"] for kind in types if kind["name"] == "Animation")
    making = f"/actions/projects/{project['id']}/task-types/{animation}/shots/create-tasks"
    made = crowd(server, lead.token, lambda one, _: one.send("POST", making, []))
    assert {answer.status_code for answer in made} == {201}
    tasks = lead.send("GET", f"{root}/tasks").json()
    assert len(tasks) == 1

    thread = f"/actions/tasks/{tasks[0]['id']}/comment"
    words = ("wip", "retake")

    def comment(one: Client, number: int) -> requests.Response:
        return one.send("POST", thread, {"task_status_id": statuses[words[number % 2]], "comment": f"Take {number}"})

    comments = crowd(server, lead.token, comment)
    assert {answer.status_code for answer in comments} == {201}
    kept = lead.send("GET", f"/data/tasks/{tasks[0]['id']}/comments").json()
    assert sorted(one["text"] for one in kept) == sorted(f"Take {number}" for number in range(CROWD))
    assert lead.send("GET", f"/data/tasks/{tasks[0]['id']}").json()["task_status_id"] == kept[0]["task_status_id"]
