"""Asking the app in process, and what an answer cost: CPU of the handler, database requests, units, bytes."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.store import session
from infra.bench import fetches
from infra.local.inside import ask


@dataclass(frozen=True)
class Cost:
    """What one request cost."""

    status: int
    cpu: float
    wall: float
    calls: int
    units: float
    size: int
    etag: str = ""
    body: bytes = b""


class Asking:
    """Calls the app as the local server does, with the sign-in of one user."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._seen: list[session.Session] = []
        self._token: str | None = None
        app._around = self._watched

    def _watched(self) -> Any:
        opened = session.opened()

        class Watched:
            def __enter__(inner) -> session.Session:
                made = opened.__enter__()
                self._seen.append(made)
                return made

            def __exit__(inner, *problem: Any) -> Any:
                return opened.__exit__(*problem)

        return Watched()

    def sign_in(self, email: str, password: str) -> str:
        """Signs in; gives the token, which later requests carry."""
        reply = self.ask("POST", "/auth/login", {"email": email, "password": password})
        token: str = json.loads(reply.body)["access_token"]
        self._token = token
        return token

    def ask(
        self, method: str, path: str, body: Any = None, query: dict[str, str] | None = None, etag: str = ""
    ) -> Cost:
        """One request and its cost; CPU is that of this process, without the engine's."""
        headers = {"if-none-match": etag} if etag else {}
        cpu, wall = time.process_time(), time.perf_counter()
        with fetches.counted():
            answered = ask(self._app, method, path, body, params=query, token=self._token, headers=headers)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        seen = self._seen[-1]
        if answered.status >= 400:
            raise RuntimeError(f"{method} {path} answered {answered.status}: {answered.content[:300]!r}")
        return Cost(
            answered.status,
            cpu * 1000,
            wall * 1000,
            seen.call_count,
            seen.units,
            len(answered.content),
            answered.headers.get("etag", ""),
            answered.content,
        )


def middle(costs: list[Cost]) -> Cost:
    """The cost in the middle, by CPU."""
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


def several(ask: Callable[[], Cost], count: int = 9) -> Cost:
    """The middle of several measurements."""
    gc.collect()
    return middle([ask() for _ in range(count)])


def rate(ask: Callable[[], Any], count: int = 300) -> float:
    """Milliseconds of CPU a call, over many."""
    started = time.process_time()
    for _ in range(count):
        ask()
    return (time.process_time() - started) * 1000 / count


def spread(values: list[float]) -> str:
    """Median and worst of some milliseconds."""
    return f"{statistics.median(values):.1f} (worst {max(values):.1f})"
