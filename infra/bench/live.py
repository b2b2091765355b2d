"""How long it takes from the answer to a write until those who listen hear of it, over HTTP, in the local stack."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

from infra.bench.measuring import Asking
from infra.bench.studio import Measured
from infra.local.stack import EMAIL, PASSWORD

Row = tuple[str, str, str, bool | None]
SESSIONS: Final = 100
RATE: Final = 20
SECONDS: Final = 15
_WRITERS: Final = 8
# What is not there by then is lost.
_PATIENCE: Final = 20.0
_TASKS: Final = 20
_STREAM: Final = "/socket.io/?EIO=4&transport=polling"
_COMMENT: Final = '42/events,["comment:new",'


def live_events(asking: Asking, studio: Measured) -> list[Row]:
    """A crowd that listens, and writes at a steady rate, in a stack of its own."""
    del asking, studio
    delays, lost = measure(SESSIONS, RATE, SECONDS)
    middle, late = statistics.median(delays), statistics.quantiles(delays, n=100)[98]
    told = f"median {middle * 1000:.0f} ms, 99 % {late * 1000:.0f} ms, {len(delays)} heard, {lost} lost"
    work = f"from an answered write to a client: {SESSIONS} sessions, {RATE} writes/s"
    return [(work, "median ≤ 200 ms, 99 % ≤ 1 s, 0 lost", told, middle <= 0.2 and late <= 1 and not lost)]


def measure(sessions: int, rate: float, seconds: float) -> tuple[list[float], int]:
    """The delay of each event at each client that heard of it, in seconds, and how many were not heard at all."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VULPES_", "AWS_"))}
    environment["VULPES_BCRYPT_ROUNDS"] = "4"
    environment["VULPES_PERSON_LIMIT"] = str(sessions + 10)
    command = [sys.executable, "-m", "infra.local", "--port", "0", "--memory", "--empty"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            url = next(line.split()[-1] for line in server.stdout if " API " in line).removesuffix("/api")
            return _Crowd(url).measure(sessions, rate, seconds)
        finally:
            server.terminate()
            server.stdout.read()


class _Asking:
    """A connection to the API, signed in as somebody."""

    def __init__(self, url: str, token: str = "") -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request; RuntimeError where it is none."""
        self._connection.request(method, f"/api{path}", json.dumps(body) if body is not None else None, self._headers)
        answered = self._connection.getresponse()
        content = answered.read()
        if answered.status >= 300:
            raise RuntimeError(f"{method} {path} answered {answered.status}: {content[:300]!r}")
        return json.loads(content) if content else None


class _Crowd:
    """People of a production who listen, and what they hear of comments."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._token = self._sign_in(EMAIL)
        self._admin = _Asking(url, self._token)
        self._answered: dict[str, float] = {}
        # When who heard of which comment first.
        self._heard: dict[tuple[int, str], float] = {}
        self._joined = threading.Semaphore(0)
        self._over = threading.Event()

    def measure(self, sessions: int, rate: float, seconds: float) -> tuple[list[float], int]:
        """Lets them listen, writes, waits until all have heard of all."""
        tokens, tasks = self._people(sessions), self._tasks()
        listening = threading.Thread(target=lambda: asyncio.run(self._listen(tokens)), daemon=True)
        listening.start()
        for _ in tokens:
            if not self._joined.acquire(timeout=_PATIENCE):
                raise RuntimeError("Not everybody could join.")
        count = int(rate * seconds)
        self._write(tasks, count, rate)
        wanted, end = count * sessions, time.monotonic() + _PATIENCE
        while len(self._heard) < wanted and time.monotonic() < end:
            time.sleep(0.05)
        self._over.set()
        heard = dict(self._heard)
        delays = [max(0.0, moment - self._answered[comment]) for (_, comment), moment in heard.items()]
        return delays, wanted - len(heard)

    def _sign_in(self, email: str) -> str:
        body = {"email": email, "password": PASSWORD}
        token: str = _Asking(self._url).ask("POST", "/auth/login", body)["access_token"]
        return token

    def _people(self, count: int) -> list[str]:
        ask = self._admin.ask
        self._project = ask("POST", "/data/projects", {"name": "Bench"})["id"]
        tokens = []
        for number in range(count):
            person = {"email": f"artist{number}@example.com", "first_name": "Artist", "last_name": str(number)}
            made = ask("POST", "/data/persons", {**person, "password": PASSWORD, "role": "user"})
            ask("POST", f"/data/projects/{self._project}/team", {"person_id": made["id"]})
            tokens.append(self._sign_in(person["email"]))
        return tokens

    def _tasks(self) -> list[str]:
        ask = self._admin.ask
        kind = ask("POST", "/data/entity-types", {"name": "Thing"})["id"]
        for number in range(_TASKS):
            path = f"/data/projects/{self._project}/asset-types/{kind}/assets/new"
            ask("POST", path, {"name": f"Thing {number}"})
        task_type = next(one["id"] for one in ask("GET", "/data/task-types") if one["for_entity"] == "Asset")
        path = f"/actions/projects/{self._project}/task-types/{task_type}/assets/create-tasks"
        return [one["id"] for one in ask("POST", path, [])]

    def _write(self, tasks: list[str], count: int, rate: float) -> None:
        """So many comments with a change of status, at this rate."""
        statuses = [one["id"] for one in self._admin.ask("GET", "/data/task-status")]
        local, begun = threading.local(), time.monotonic()

        def write(number: int) -> None:
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            if not hasattr(local, "asking"):
                local.asking = _Asking(self._url, self._token)
            body = {"task_status_id": statuses[number // _TASKS % 2], "comment": f"Take {number}"}
            made = local.asking.ask("POST", f"/actions/tasks/{tasks[number % _TASKS]}/comment", body)
            self._answered[made["id"]] = time.monotonic()

        with ThreadPoolExecutor(_WRITERS) as writers:
            list(writers.map(write, range(count)))

    async def _listen(self, tokens: list[str]) -> None:
        await asyncio.gather(*(self._client(number, token) for number, token in enumerate(tokens)))

    async def _client(self, number: int, token: str) -> None:
        """A client as the protocol has it: one connection, on which it waits again and again."""
        address = urlsplit(self._url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)

        async def ask(method: str, path: str, body: str = "") -> str:
            head = f"{method} {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            told = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(told.partition("content-length:")[2].partition("\r\n")[0])
            content = (await reader.readexactly(length)).decode()
            if not told.startswith("http/1.1 200"):
                raise RuntimeError(f"{method} {path} answered {content}")
            return content

        session = json.loads((await ask("GET", _STREAM))[1:])["sid"]
        await ask("POST", f"{_STREAM}&sid={session}", "40/events,")
        await ask("GET", f"{_STREAM}&sid={session}")
        self._joined.release()
        while not self._over.is_set():
            try:
                payload, moment = await ask("GET", f"{_STREAM}&sid={session}"), time.monotonic()
            except (OSError, EOFError):
                return
            for packet in payload.split("\x1e"):
                if packet.startswith(_COMMENT):
                    comment = json.loads(packet.removeprefix("42/events,"))[1]["comment_id"]
                    self._heard.setdefault((number, comment), moment)
        writer.close()
