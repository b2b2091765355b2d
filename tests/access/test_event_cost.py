"""What it costs to find out who hears of events (reads an event at most, and none a listener), and of what is gone."""

from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.access.events import audiences_of, may_hear
from chalicelib.records.production import API_EVENT
from chalicelib.store import keys, reads, session
from tests.access.studio import AccessStudio
from tests.client import Api
from tests.unit.tasks.stage import change


def listeners(world: AccessStudio, *names: str) -> list[Caller]:
    return [Caller(world.people[name]) for name in names for _ in range(50)]


def happened(world: AccessStudio) -> list[dict[str, Any]]:
    """A comment with what follows on it, as the stream carries it on."""
    records = world.mine.records
    ids = {"task_id": records["task"].id, "comment_id": records["comment"].id}
    names = ("comment:update", "task:update", "task:status-changed", "preview-file:update", "news:new")
    of = {"preview-file:update": "preview_file", "news:new": "news"}
    made = []
    for name in names:
        more = {f"{of[name]}_id": records[of[name]].id} if name in of else {}
        made.append({"name": name, "user_id": None, "project_id": world.mine.id, "data": {**ids, **more}})
    return made


def told(events: list[dict[str, Any]], everybody: list[Caller]) -> int:
    return sum(audience.holds(caller) for audience in audiences_of(events) for caller in everybody)


@pytest.mark.parametrize(
    ("names", "most"),
    [
        # The stamp of the reference data alone.
        (("admin", "manager", "supervisor"), 1),
        # The comment, whose words may be none for artists and clients.
        (("admin", "manager", "artist", "client"), 2),
        # Its task and the tasks of the entity, the preview, the news.
        (("manager", "vendor", "hired"), 6),
    ],
)
def test_reads_are_of_events_and_not_of_listeners(world: AccessStudio, names: tuple[str, ...], most: int) -> None:
    events, everybody = happened(world), listeners(world, *names)
    told(events, everybody)
    with session.opened() as here:
        heard = told(events, everybody)
    assert heard > 0
    assert here.call_count <= most


def test_who_is_taken_out_of_a_team_hears_nothing_more(world: AccessStudio) -> None:
    event = happened(world)[1]
    artist = Caller(world.people["artist"])
    assert audiences_of([event])[0].holds(artist)
    change(world.mine.project, team=[one for one in world.mine.project["team"] if one != artist.id])
    assert not audiences_of([event])[0].holds(artist)


@pytest.mark.parametrize("path", ["/data/tasks/{task}", "/data/assets/{asset}"])
def test_who_worked_on_what_is_gone_hears_of_it(api: Api, world: AccessStudio, path: str) -> None:
    lamp = world.mine.records["task"]
    answered = api.delete(path.format(task=lamp.id, asset=lamp["entity_id"]), {"force": "true"})
    assert answered.status == 204, answered.content
    told = reads.records_of(API_EVENT, reads.rows_of(API_EVENT, keys.home_of_owner(world.mine.id)))
    (event,) = [one for one in told if one["name"] == "task:delete" and one["data"]["task_id"] == lamp.id]
    heard = {name for name in ("artist", "hired", "vendor") if may_hear(Caller(world.people[name]), event)}
    assert heard == {"artist", "hired"}
