"""The event stream with the clients that people have, unmodified: gazu (python-socketio) and socket.io-client."""

import contextlib
import gc
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest
import requests
import socketio

from infra.aws import smoke
from infra.local.stack import EMAIL, PASSWORD
from tests.stack.test_quickstart import Server

NODE = shutil.which("node")
HERE = Path(__file__).parent
PATIENCE = 60.0
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NODE is None, reason="Node.js is not installed"),
    # Those that python-socketio leaves open when a server is killed.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Place:
    """A server that may be killed and started again where it was."""

    def __init__(self, folder: Path) -> None:
        self._options = ("--data", str(folder), "--empty")
        self._server = Server(*self._options)
        self.url = self._server.url
        self.token = self.sign_in()

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> str:
        answered = requests.post(f"{self.url}/api/auth/login", json={"email": email, "password": password}, timeout=30)
        token: str = answered.json()["access_token"]
        return token

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        answered = requests.request(method, f"{self.url}/api{path}", json=body, headers=headers, timeout=30)
        assert answered.status_code < 300, answered.text
        return answered.json() if answered.content else None

    def write(self, name: str) -> str:
        """Something that everybody hears of; the id of what was made."""
        made: str = self.ask("POST", "/data/departments", {"name": name, "color": "#000000"})["id"]
        return made

    def kill(self) -> None:
        self._server.end(kill=True)

    def restart(self) -> None:
        self._server = Server(*self._options, port=self._server.port)

    def end(self) -> None:
        self._server.end()


class Node:
    """socket.io-client in a process of its own."""

    def __init__(self, url: str, options: dict[str, Any], *namespaces: str) -> None:
        assert NODE is not None
        command = [NODE, str(HERE / "listen.mjs"), url, json.dumps(options), *namespaces]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lines: queue.Queue[list[Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))

    def hears(self, *wanted: Any) -> list[Any]:
        """Waits for something that begins with these words; the rest of it."""
        while True:
            told = self._lines.get(timeout=PATIENCE)
            if told[: len(wanted)] == list(wanted):
                return told[len(wanted) :]

    def say(self, namespace: str, name: str, data: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{json.dumps([namespace, name, data])}\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """In order; it must not have to wait for the request that waits for events."""
        self.process.communicate(timeout=PATIENCE)


class Gazu:
    """gazu's events, as its documentation has them."""

    def __init__(self, place: Place, token: str, *names: str) -> None:
        host = gazu.client.create_client(f"{place.url}/api")
        host.event_host = place.url
        host.tokens = {"access_token": token}
        gazu.client.default_client.tokens = {"access_token": token}
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.client = gazu.events.init(client=host, reconnection_delay=0.1, reconnection_delay_max=0.3)
        self.is_over = threading.Event()
        self.client.on("disconnect", lambda _: self.is_over.set())
        for name in names:
            gazu.events.add_listener(self.client, name, self._listener(name))

    def _listener(self, name: str) -> Callable[[Any], None]:
        return lambda data: self.heard.put((name, data))

    def hears(self, name: str) -> Any:
        """Waits for an event of that name; what comes with it."""
        while True:
            told, data = self.heard.get(timeout=PATIENCE)
            if told == name:
                return data


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("live"))
    yield made
    made.end()
    # What the clients left open is let go of here, where it is no failure.
    gc.collect()


@pytest.fixture
def node(place: Place) -> Iterator[Callable[..., Node]]:
    with contextlib.ExitStack() as ends:

        def start(*namespaces: str, **options: Any) -> Node:
            made = Node(place.url, options, *namespaces)
            ends.callback(made.end)
            return made

        yield start


@pytest.fixture
def listen(place: Place) -> Iterator[Callable[..., Gazu]]:
    with contextlib.ExitStack() as ends:

        def start(*names: str, token: str | None = None) -> Gazu:
            made = Gazu(place, token or place.token, *names)
            ends.callback(made.client.disconnect)
            return made

        yield start


def test_both_hear_of_a_write_and_find_it_written(
    place: Place, listen: Callable[..., Gazu], node: Callable[..., Node]
) -> None:
    python = listen("department:new")
    browser = node("/events", extraHeaders={"Cookie": f"access_token_cookie={place.token}"})
    assert python.client.transport() == "polling"
    assert set(python.client.namespaces) == {"/", "/events"}
    assert browser.hears("connect", "/events")[0] == "polling"
    made = place.write("Zoë 東京")
    assert python.hears("department:new") == {"department_id": made}
    assert browser.hears("event", "department:new") == [{"department_id": made}]
    assert place.ask("GET", f"/data/departments/{made}")["name"] == "Zoë 東京"


def test_hundreds_of_events_at_once_come_all(place: Place, listen: Callable[..., Gazu]) -> None:
    """More than python-engineio takes in one answer (16 packets)."""
    python = listen("asset:new")
    project = place.ask("POST", "/data/projects", {"name": "Many"})["id"]
    kind = place.ask("POST", "/data/entity-types", {"name": "Prop of many"})["id"]
    wanted = {f"Prop {number}" for number in range(60)}
    path = f"/data/projects/{project}/asset-types/{kind}/assets/new"

    def write(names: list[str]) -> None:
        for name in names:
            place.ask("POST", path, {"name": name})

    threads = [threading.Thread(target=write, args=(sorted(wanted)[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heard = {python.hears("asset:new")["asset_id"] for _ in wanted}
    assert heard == {one["id"] for one in place.ask("GET", f"/data/projects/{project}/assets")}


def test_who_is_not_signed_in_is_refused_for_the_events_alone(place: Place, node: Callable[..., Node]) -> None:
    nobody = node("/", "/events", "/other")
    assert nobody.hears("connect", "/")[0] == "polling"
    assert nobody.hears("connect_error", "/events") == ["You are not signed in."]
    wrong = node("/events", auth={"token": "wrong"})
    assert wrong.hears("connect_error", "/events") == ["This is not a valid token."]
    with pytest.raises(socketio.exceptions.ConnectionError):
        Gazu(place, "wrong")


def test_other_transports_are_refused(place: Place, node: Callable[..., Node]) -> None:
    assert node("/events", transports=["websocket"], reconnection=False).hears("connect_error", "/events")


def test_rooms_reach_from_one_client_to_the_other(
    place: Place, listen: Callable[..., Gazu], node: Callable[..., Node]
) -> None:
    project = place.ask("POST", "/data/projects", {"name": "Review"})["id"]
    playlist = place.ask("POST", "/data/playlists", {"name": "Dailies", "project_id": project})["id"]
    browser = node("/events", auth={"token": place.token})
    browser.hears("connect", "/events")
    python = listen("preview-room:room-people-updated", "preview-room:panzoom-changed")
    browser.say("/events", "preview-room:join", {"playlist_id": playlist})
    assert len(browser.hears("event", "preview-room:room-people-updated")[0]["people"]) == 1
    python.client.emit("preview-room:join", {"playlist_id": playlist}, "/events")
    assert python.hears("preview-room:room-people-updated")["playlist_id"] == playlist
    browser.say("/events", "preview-room:panzoom-changed", {"playlist_id": playlist, "x": 7})
    assert python.hears("preview-room:panzoom-changed")["x"] == 7


def test_who_logs_out_is_sent_away(place: Place, listen: Callable[..., Gazu], node: Callable[..., Node]) -> None:
    person = {"first_name": "Ann", "last_name": "Ot", "email": "ann@example.com", "password": PASSWORD, "role": "user"}
    place.ask("POST", "/data/persons", person)
    token = place.sign_in("ann@example.com")
    browser, python = node("/events", auth={"token": token}), listen(token=token)
    browser.hears("connect", "/events")
    place.ask("GET", "/auth/logout", token=token)
    place.write("Nobody's business")
    assert browser.hears("disconnect", "/events")
    # It comes back by itself, and hears why it may not.
    assert browser.hears("connect_error", "/events") == ["This token is no longer valid."]
    assert python.is_over.wait(PATIENCE)


def test_nothing_is_lost_over_a_kill(place: Place, listen: Callable[..., Gazu], node: Callable[..., Node]) -> None:
    """What happens while a client is away is not told; the journal has it, after the event that was read last."""
    python, browser = listen("department:new"), node("/events", auth={"token": place.token})
    browser.hears("connect", "/events")
    before = place.write("Before")
    assert python.hears("department:new") == {"department_id": before}
    assert browser.hears("event", "department:new") == [{"department_id": before}]
    last = place.ask("GET", "/data/events/last?limit=1")[0]["id"]
    place.kill()
    assert browser.hears("disconnect", "/events")
    place.restart()
    missed = [place.write(f"Missed {number}") for number in range(3)]
    browser.hears("connect", "/events")
    after = hear_after_coming_back(place, python)
    assert browser.hears("event", "department:new")
    found = since(place, last)
    assert [one["department_id"] for one in found if "department_id" in one] == [*missed, *after]


def hear_after_coming_back(place: Place, python: Gazu) -> list[str]:
    """Writes until a client that comes back by itself hears of it; what was written."""
    written: list[str] = []
    for number in range(int(PATIENCE)):
        written.append(place.write(f"After {number}"))
        with contextlib.suppress(queue.Empty):
            while python.heard.get(timeout=1)[1]["department_id"] != written[-1]:
                pass
            return written
    raise AssertionError("it never came back")


def since(place: Place, last: str) -> list[dict[str, Any]]:
    """What the journal has since an event, oldest first, a page of two at a time (docs/live.md)."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = place.ask("GET", f"/data/events/last?limit=2{cursor}")
        for event in page:
            if event["id"] == last:
                return found[::-1]
            found.append(event["data"])
        cursor = f"&cursor_event_id={page[-1]['id']}"


def test_the_check_after_a_deployment_finds_all_well(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.report(place.url, patience=0) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.count("well: ") == len(smoke.CHECKS)


def test_the_check_says_where_somebody_cannot_sign_in(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.report(place.url, patience=0, visitor=smoke.Visitor(EMAIL, "wrong", "none")) == 1
    assert "/api/auth/login answers 400" in capsys.readouterr().err
