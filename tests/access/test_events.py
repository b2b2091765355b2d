"""Every route that writes tells of it, to those who may know: thirteen identities, every event there is.

docs/events.json is what was told; written anew by `VULPES_WRITE_EVENTS=1 pytest tests/access/test_events.py`, then
`python -m infra.documents`.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from chalicelib.access.events import CIRCLES
from tests.access.silence import ELSEWHERE, READING, REFUSED, SILENT
from tests.access.studio import MEMBERS, AccessStudio
from tests.access.table import EVENTS, NOT_VENDORS, PERSONAL_EVENTS
from tests.access.telling import NAMES, NARROWED, STRANGERS, Event, Told, tell_all
from tests.client import Api
from tests.unit.production.test_event_catalogue import KEPT, LIVE

pytestmark = pytest.mark.slow
TABLE = Path(__file__).resolve().parents[2] / "docs" / "events.json"
# What no route of this version makes (docs/contract/production.md section 12).
NEVER = {"asset:new-link", "asset:remove-link"}
# Whether clients, artists and the hired hear of these hangs on the record: the API is asked whether they may read it.
BY_RECORD = {
    "comment": {"artist", "assigned", "bot", "mate", "client", "hired"},
    "attachment-file": {"artist", "assigned", "bot", "mate", "client", "hired"},
    "playlist": {"client"},
    "build-job": {"client"},
    "metadata-descriptor": {"client"},
}
# The mate is an artist with tasks, in the team.
ARTISTS = ("artist", "assigned", "bot", "mate")
_told: list[Told] = []


@pytest.fixture
def told(bucket: Any, api: Api, world: AccessStudio) -> Told:
    """What all routes told, called once for all tests."""
    del bucket
    if not _told:
        _told.append(tell_all(api, world))
    return _told[0]


def seen(events: list[Event]) -> str:
    return "\n".join(sorted({f"{one.route}: {one.name} {sorted(one.heard_by)}" for one in events}))


# -- that it is told ---------------------------------------------------------------------------------------------------
def test_every_route_that_writes_is_called(told: Told) -> None:
    refused = {route for route, statuses in told.answers.items() if max(statuses) >= 400}
    assert refused <= REFUSED.keys(), {route: told.refusals[route] for route in refused - REFUSED.keys()}


def test_every_route_that_writes_tells_of_it(told: Told) -> None:
    silent = told.answers.keys() - {one.route for one in told.events} - READING - REFUSED.keys()
    assert silent == SILENT.keys()
    assert not any(told.written[route] for route in READING if "output-file" not in route)


def test_every_event_names_its_production(told: Told) -> None:
    assert seen([one for one in told.events if one.of and one.of != {one.data.get("project_id")}]) == ""


def test_what_an_event_names_is_there_when_it_is_told(told: Told) -> None:
    assert seen([one for one in told.events if not one.is_there]) == ""


def test_every_event_of_the_code_is_told_by_a_route_or_elsewhere(told: Told) -> None:
    names = {one.name for one in told.events}
    assert (LIVE | KEPT) - names - NEVER <= ELSEWHERE.keys()
    assert not names & NEVER


def test_what_is_told_is_written_down(told: Told) -> None:
    table = table_of(told)
    if os.environ.get("VULPES_WRITE_EVENTS"):
        TABLE.write_text(written(table))
    assert table == json.loads(TABLE.read_text())


def table_of(told: Told) -> dict[str, Any]:
    """What each event carries and which routes tell it; the routes that tell nothing, and why."""
    events: dict[str, Any] = {}
    for name in sorted({one.name for one in told.events}):
        those = [one for one in told.events if one.name == name]
        always = set.intersection(*(set(one.data) for one in those))
        events[name] = {
            "live": those[0].live,
            "keys": sorted(always),
            "sometimes": sorted(set.union(*(set(one.data) for one in those)) - always),
            "routes": sorted({one.route for one in those}),
        }
    return {"events": events, "elsewhere": ELSEWHERE, "silent": SILENT}


def written(table: dict[str, Any]) -> str:
    """A line for each event and each reason, so that what changes is seen."""
    parts = []
    for part, rows in table.items():
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(rows.items()))
        parts.append(f"{json.dumps(part)}: {{\n{lines}\n}}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


# -- who hears ---------------------------------------------------------------------------------------------------------
def test_every_event_has_a_line(told: Told) -> None:
    words = {one.word for one in told.events}
    assert words - EVENTS.keys() == PERSONAL_EVENTS
    assert words <= CIRCLES.keys()


@pytest.mark.parametrize("name", NAMES)
def test_who_hears_of_it(told: Told, world: AccessStudio, name: str) -> None:
    mine = [one for one in told.events if one.word in EVENTS and one.of <= {world.mine.id}]
    assert seen([one for one in mine if _is_wrong(one, name)]) == "", name


def test_what_is_of_other_productions_reaches_their_teams_alone(told: Told, world: AccessStudio) -> None:
    others = [one for one in told.events if one.word in EVENTS and not one.of <= {world.mine.id}]
    # The manager is in the team of the production that is deleted.
    assert {name for one in others for name in one.heard_by} == {"admin", "manager"}
    assert {one.name for one in others if "manager" in one.heard_by} == {"project:delete"}


def _is_wrong(event: Event, name: str) -> bool:
    hears = name in event.heard_by
    if name in BY_RECORD.get(event.word, ()):
        # All artists alike; what they and the others read, the API says (below).
        return name in ARTISTS and hears != ("artist" in event.heard_by)
    line = EVENTS[event.word]
    expected = name != "inactive" and line.lets("artist" if name == "mate" else name, inside=True)
    if name == "hired" and expected:
        # On nearly everything they have a task; what is gone tells no more whether they had.
        expected = "hired" in event.read_by if event.read_by is not None else hears
    return hears != expected


def test_who_sees_less_hears_of_what_they_can_read(told: Told) -> None:
    wrong = [
        one
        for one in told.events
        if one.read_by is not None
        and one.word in EVENTS
        and any(name in one.heard_by and name not in one.read_by for name in NARROWED if not _shows_pictures(one, name))
    ]
    assert seen(wrong) == ""


def test_who_may_read_a_comment_or_a_playlist_hears_of_it(told: Told) -> None:
    those = [one for one in told.events if one.word in ("comment", "playlist") and one.read_by is not None]
    assert seen([one for one in those if not one.read_by <= one.heard_by]) == ""  # type: ignore[operator]
    # Both sorts of comments are there: those of clients, and those of the studio.
    assert {"client" in one.heard_by for one in those} == {True, False}


def _shows_pictures(event: Event, name: str) -> bool:
    """Clients see the previews of comments of the studio, without their words."""
    return (
        event.word == "comment" and name == "client" and bool(event.subject.get("previews") or "preview" in event.route)
    )


def test_strangers_hear_of_the_studio_alone(told: Told) -> None:
    strangers = {f"strange {role}" for role in STRANGERS}
    everywhere = {word for word, line in EVENTS.items() if set(MEMBERS) - {"vendor", "hired"} <= line.anywhere}
    wrong = []
    for one in told.events:
        expected = strangers if one.word in everywhere and not one.of else set()
        if EVENTS.get(one.word) is NOT_VENDORS:
            expected = expected - {"strange vendor"}
        if one.heard_by & strangers != expected:
            wrong.append(one)
    assert seen(wrong) == ""


def test_what_is_personal_reaches_its_person_alone(told: Told) -> None:
    personal = [one for one in told.events if one.word in PERSONAL_EVENTS - {"chat", "chat-message"}]
    assert seen([one for one in personal if one.heard_by != _owner(told, one)]) == ""
    assert {name for one in personal for name in one.heard_by} >= {"admin", "mate", "artist"}


def _owner(told: Told, event: Event) -> set[str]:
    """The one whose it is, if it is one of those who are there, and active."""
    return {told.owners.get(str(event.data.get("person_id") or event.subject["person_id"]), "")} - {"", "inactive"}


def test_what_is_said_in_a_chat_reaches_those_in_it(told: Told) -> None:
    said = [one for one in told.events if one.word in ("chat", "chat-message")]
    assert seen([one for one in said if not one.heard_by <= {"admin"}]) == ""
    assert {one.name for one in said if one.heard_by} >= {"chat:joined", "chat:left", "chat:new-message"}
