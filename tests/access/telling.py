"""What the routes that write tell, and who hears it: every one is called, every event looked at as it is told.

Who there is: the thirteen of the studio (studio.py; `nobody` hears nothing, having no session), and for each role a
stranger, who is in no team.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.access.events import ENTITY_WORDS, audience_of, word_of
from chalicelib.http.call import Route
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, reads, reference, session
from chalicelib.store.changes import Changes
from tests.access.requests import all_routes
from tests.access.studio import MEMBERS, AccessStudio, create, unique
from tests.access.walk import Walk
from tests.access.writes import READS_THAT_WRITE, calls
from tests.client import Api

NAMES: Final = ("admin", *MEMBERS, "mate", "inactive")
STRANGERS: Final = ("manager", "supervisor", "user", "client", "vendor")
# Those whose role narrows what they see: what they hear of they must be able to read.
NARROWED: Final = ("artist", "client", "hired", "vendor")
# Where a record of a kind is read by itself, and by all who may know of it.
_READ_AT: Final = {
    "entity": "/data/entities/{}",
    "task": "/data/tasks/{}",
    "comment": "/data/comments/{}",
    "preview_file": "/data/preview-files/{}",
    "playlist": "/data/playlists/{}",
    "working_file": "/data/working-files/{}",
    "output_file": "/data/output-files/{}",
    "asset_instance": "/data/asset-instances/{}",
    "project": "/data/projects/{}",
}
_NAME: Final = re.compile(r"[a-z_-]+:[a-z-]+")


@dataclass
class Event:
    """One event, as it was told."""

    route: str
    name: str
    data: Mapping[str, Any]
    live: bool
    subject: Mapping[str, Any]
    project_id: str | None
    # Who hears of it, and of the narrowed ones who could read what it names (None: nothing tells).
    heard_by: set[str] = field(default_factory=set)
    read_by: set[str] | None = None
    # The productions that ids in it tell, whether the record it names is there, and as it was written.
    of: set[str] = field(default_factory=set)
    is_there: bool = True

    @property
    def word(self) -> str:
        return word_of(self.name)


@dataclass
class Told:
    """All that was told. `answers` are statuses by route, `written` the tables that a route wrote."""

    events: list[Event] = field(default_factory=list)
    answers: dict[str, set[int]] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    written: dict[str, set[str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)


def tell_all(api: Api, world: AccessStudio) -> Told:
    """Calls every route that writes."""
    return _Listening(api, world).walk()


def writing(api: Api) -> list[Route]:
    """The routes that write, those that take away last; without those of sign-in and of the stream itself."""
    found = [
        route
        for route in all_routes()
        if (route.method != "GET" or route.path in READS_THAT_WRITE) and not route.path.startswith(("/auth/", "/live"))
    ]
    return sorted(found, key=lambda route: ["GET", "PUT", "POST", "DELETE"].index(route.method))


class _Listening:
    def __init__(self, api: Api, world: AccessStudio) -> None:
        self._api = api
        self._told = Told()
        self._walk = Walk(api, world, self._listening)
        self._route = ""
        self._new: list[tuple[Record, bool]] = []
        self._read: dict[tuple[str, str], set[str]] = {}
        self._people = {name: world.people[name].id for name in NAMES}
        for role in STRANGERS:
            values = {"first_name": role, "last_name": "Stranger", "email": f"{unique(role)}@example.com"}
            self._people[f"strange {role}"] = create(PERSON, role=role, **values).id
        self._told.owners = {person_id: name for name, person_id in self._people.items()}

    def walk(self) -> Told:
        """Each route in turn, and after each what it told."""
        for route in writing(self._api):
            self._route = f"{route.method} {route.path}"
            self._told.written[self._route] = set()
            for answered in calls(self._walk, route):
                self._told.answers.setdefault(self._route, set()).add(answered.status)
                if answered.status >= 400:
                    self._told.refusals[self._route] = answered.content[:200].decode(errors="replace")
        return self._told

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        commit = Changes.commit

        def watched(changes: Changes) -> None:
            commit(changes)
            self._note(changes)

        Changes.commit = watched  # type: ignore[method-assign]
        try:
            yield
        finally:
            Changes.commit = commit  # type: ignore[method-assign]
        told, self._new = self._new, []
        with session.opened():
            for record, live in told:
                self._told.events.append(self._look_at(record, live))

    def _note(self, changes: Changes) -> None:
        for (pk, _), (old, new) in changes._records.items():
            known = new or old
            if new is not None and new.kind is API_EVENT and _NAME.fullmatch(new["name"]):
                self._new.append((new, False))
            elif known is not None and known.kind is not API_EVENT:
                self._told.written[self._route].add(pk.rpartition("#")[2])
        for (pk, _), operation in changes._operations.items():
            if pk == keys.partition("live", API_EVENT):
                entry = operation.entry
                values = {**json.loads(entry.doc or "{}"), **json.loads(entry.own or "{}")}
                self._new.append((Record(API_EVENT, values), True))

    def _look_at(self, record: Record, live: bool) -> Event:
        audience = audience_of(record)
        event = Event(
            self._route, record["name"], record["data"], live, record.get("subject") or {}, record["project_id"]
        )
        event.of = set(audience.productions)
        people = {name: reference.find(PERSON, person_id) for name, person_id in self._people.items()}
        event.heard_by = {name for name, person in people.items() if person and audience.holds(Caller(person))}
        kind, record_id = self._named(event)
        if kind is None or event.name.endswith((":delete", ":left")):
            return event
        event.is_there = record_id is None or self._is_there(kind, record_id)
        if kind.table in _READ_AT and event.is_there and record_id is not None:
            path = _READ_AT[kind.table].format(record_id)
            event.read_by = self._readers(event.name, path)
        return event

    def _readers(self, name: str, path: str) -> set[str]:
        """Who of the narrowed reads it; of several events of a name about one record asked once."""
        if (name, path) not in self._read:
            self._read[name, path] = {one for one in NARROWED if self._api.get(path, user=one).status < 400}
        return self._read[name, path]

    def _named(self, event: Event) -> tuple[Kind | None, str | None]:
        word = event.word.replace("-", "_")
        kind = KINDS["entity"] if event.word in ENTITY_WORDS else KINDS.get(word)
        return kind, event.data.get(f"{word}_id") or event.data.get("asset_in")

    def _is_there(self, kind: Kind, record_id: str) -> bool:
        return (reference.find if kind.reference else reads.find)(kind, record_id) is not None
