"""Writes docs/events.md: what is told, to whom, by which routes (`python -m infra.documents`).

What each route tells was seen by calling it (tests/access/test_events.py keeps docs/events.json); who hears of it is
the rule itself.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from chalicelib.access.events import CIRCLES, word_of

_DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
_SEEN: Final = _DOCS / "events.json"
TARGET: Final = _DOCS / "events.md"
_HEAD: Final = (_DOCS / "parts" / "events.md").read_text
_KEPT: Final = {True: "live", False: "kept"}


def text() -> str:
    """The document: how to listen, then a table of events and one of routes."""
    seen = json.loads(_SEEN.read_text())
    lines = [_HEAD().rstrip(), "", "## Events", "", *_events(seen["events"]), "", "Told otherwise than by a route:", ""]
    lines += ["| event | told by | who hears |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {why} | {_circle(name)} |" for name, why in sorted(seen["elsewhere"].items())]
    lines += ["", "## What each route tells", "", *_routes(seen["events"])]
    lines += ["", "## Routes that write and tell nothing", "", "| route | because |", "| --- | --- |"]
    lines += [f"| {_route(route)} | {why} |" for route, why in sorted(seen["silent"].items(), key=_place)]
    return "\n".join(lines) + "\n"


def _events(events: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "| event | | what it carries | who hears |"
    yield "| --- | --- | --- | --- |"
    for name, event in sorted(events.items()):
        carried = [f"`{key}`" for key in event["keys"]] + [f"(`{key}`)" for key in event["sometimes"]]
        yield f"| `{name}` | {_KEPT[event['live']]} | {', '.join(carried) or 'nothing'} | {_circle(name)} |"


def _routes(events: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for name, event in sorted(events.items()):
        for route in event["routes"]:
            told.setdefault(route, []).append(f"`{name}`")
    yield "| route | tells |"
    yield "| --- | --- |"
    for route, names in sorted(told.items(), key=_place):
        yield f"| {_route(route)} | {', '.join(names)} |"


def _route(route: str) -> str:
    method, _, path = route.partition(" ")
    return f"{method} `{path}`"


def _place(item: tuple[str, Any]) -> tuple[str, str]:
    method, _, path = item[0].partition(" ")
    return path, method


def _circle(name: str) -> str:
    return CIRCLES[word_of(name)].name
