"""One JSON line a request; no query strings, tokens or bodies, so that the log may be kept and shared."""

import sys
import traceback
from collections.abc import Callable
from typing import Any

import msgspec

Sink = Callable[[str], None]
# The requests to the database of this request, and the capacity units they took.
Counter = Callable[[], tuple[int, float]]
_encode = msgspec.json.Encoder().encode


def to_stdout(line: str) -> None:
    """Where Lambda picks lines up."""
    sys.stdout.write(line + "\n")


class RequestLog:
    """Writes a line a request to `sink`; `counter` says what the request cost at the database."""

    def __init__(self, sink: Sink = to_stdout, counter: Counter | None = None) -> None:
        self._sink = sink
        self._counter = counter

    def request(
        self,
        *,
        route: str | None,
        method: str,
        status: int,
        ms: float,
        caller: Any,
        request_id: str,
        address: str = "",
    ) -> None:
        """Notes an answered request; `route` is the declared path, None where none matched, `address` who asked."""
        line = {"level": "info", "route": route, "method": method, "status": status, "ms": round(ms, 2)}
        if caller is not None:
            line["caller"] = _id_of(caller)
        # The gateway's own log knows the distribution's address alone.
        if address:
            line["address"] = address
        if request_id:
            line["request"] = request_id
        if self._counter is not None:
            calls, units = self._counter()
            line["dynamodb_calls"], line["dynamodb_units"] = calls, round(units, 1)
        self._sink(_encode(line).decode())

    def failure(self, problem: BaseException, *, route: str | None, method: str, request_id: str = "") -> None:
        """Notes a fault of the server with its traceback, which no client gets to see."""
        # A message may hold halves of surrogate pairs, which no encoder takes.
        text = "".join(traceback.format_exception(problem)).encode(errors="replace").decode()
        line = {"level": "error", "route": route, "method": method, "error": type(problem).__name__, "traceback": text}
        if request_id:
            line["request"] = request_id
        self._sink(_encode(line).decode())


def _id_of(caller: Any) -> str | None:
    found = caller.get("id") if isinstance(caller, dict) else getattr(caller, "id", None)
    return None if found is None else str(found)
