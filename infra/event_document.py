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
_KEPT: Final = {True: "live", False: "kept"}
_HEAD: Final = """# Events

Every write tells of itself under a name, with the ids that are needed to fetch what changed and the `project_id` where
there is a production. By the time somebody hears of it, what it names can be read in its new state. It is told to those
who listen (docs/live.md) and kept in the journal, `GET /api/data/events/last`; what is *live* below is not kept.

- **Who hears** is one rule for both (`chalicelib/access/events.py`), looked at as the event is told. Admins hear of all
  but what is personal. An event of a production reaches its team: vendors as far as a task of theirs goes, clients but
  for words that are not for them. What is personal reaches that person alone. Events of other names, which scripts may
  post to `/api/data/events/`, reach the managers of their production.
- **What goes** is told to those whom it was for: a deletion keeps with it, unseen, whom its record was for. Where an
  entity goes, vendors hear of their tasks on it (`task:delete`), which go first.
- The journal is for managers and admins; these see all of it.

## Catching up

The journal has every event once and in order. A list goes on after the event it ended with (`cursor_event_id`),
whatever is written meanwhile. An event lies in it at the moment of its writing, and may land there up to a minute after
that; so a consumer looks a minute further back than it has come, and leaves out what it knows. This hands on every one
of them exactly once, however long the consumer was away:

```python
import datetime


def catch_up(get, state, handle):
    # Hands on what happened since the last run, oldest first; gives the state to keep for the next one.
    # get asks `data/events/last` with a query; the first state is {"since": "2026-11-01T00:00:00", "known": []}.
    found, query = [], {"after": a_minute_before(state["since"]), "limit": 1000}
    while len(page := get(query)) == query["limit"]:
        found += page
        query["cursor_event_id"] = page[-1]["id"]
    found += page
    known = set(state["known"])
    for event in reversed(found):
        if event["id"] not in known:
            handle(event)
    since = max([state["since"], *(event["created_at"] for event in found)])
    return {"since": since, "known": [one["id"] for one in found if one["created_at"] > a_minute_before(since)]}


def a_minute_before(moment):
    return (datetime.datetime.fromisoformat(moment) - datetime.timedelta(seconds=61)).isoformat()
```

With gazu, `get` is `lambda query: gazu.client.get("data/events/last", params=query)`. Keep the state together with what
the events led to; a run that is cut off begins anew from where the last one ended.

This page is written by `python -m infra.documents`; what each route tells was seen by calling it.
"""


def text() -> str:
    """The document: how to listen, then a table of events and one of routes."""
    seen = json.loads(_SEEN.read_text())
    lines = [_HEAD, "## Events", "", *_events(seen["events"]), "", "Told otherwise than by a route:", ""]
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
