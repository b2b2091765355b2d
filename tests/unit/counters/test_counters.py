"""What is counted is what is there: after any sequence of changes, stored counters are those of a fresh count.

Dates of the live rule are the clock's, not the comment's (docs/contract/tasks.md 6.3), and nothing is taken back while
comments are only added: of these dates only the count after a removal is compared, of the rest everything.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.access.caller import Caller
from chalicelib.domain.chats import messages
from chalicelib.domain.counters import castings, durations, main_previews
from chalicelib.domain.counters import progress as counted
from chalicelib.domain.dependents import removal
from chalicelib.domain.entities import casting_links, casting_update, deletion, update
from chalicelib.domain.entities.kinds import ASSET
from chalicelib.domain.files import main_preview, previews
from chalicelib.domain.people.deletion import remove_person
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import CHAT, CHAT_MESSAGE, PERSON
from chalicelib.records.production import PROJECT_TASK_TYPE_LINK
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK, TIME_SPENT
from chalicelib.store import keys, reads, reference, session
from chalicelib.store.changes import Changes, write
from infra.local.engine import Engine
from tests.conftest import empty_table
from tests.unit.tasks.stage import Stage, Studio, change, create

STATUSES = ("todo", "wip", "wfa", "retake", "done")
# Where previews are stored is of no matter here; those with a thumbnail count.
STORED = {"at": "previews/x", "files": {"thumbnail.png": ["one", 1]}}


class World:
    """A shot with two tasks that casts assets, two artists who work on it, and what one can do there."""

    def __init__(self) -> None:
        self.stage = stage = Stage()
        self.api = Studio(stage)
        ranks = {"Animation": 1, "Lighting": 2}
        stage.set(task_types=[stage.types[name].id for name in ranks], is_set_preview_automated=True)
        for name, priority in ranks.items():
            values = {"task_type_id": stage.types[name].id, "priority": priority}
            create(PROJECT_TASK_TYPE_LINK, project_id=stage.project.id, **values)
        self.tasks = [stage.task_on(stage.shot, name, "user", "vendor") for name in ranks]
        self.assets = [stage.entity(name, "Character", data={}) for name in ("Fox", "Bear", "Owl")]
        self.chat = create(
            CHAT, object_id=stage.shot.id, participants=[stage.people[name].id for name in ("user", "vendor")]
        )
        session.current().stamp = None

    def all(self, kind: Any) -> list[Record]:
        return sorted(reads.query(kind, keys.home_of_owner(self.stage.project.id)), key=lambda one: one["created_at"])

    def one(self, kind: Any, number: int) -> Record | None:
        found = self.all(kind)
        return found[number % len(found)] if found else None

    def author(self, number: int) -> str:
        names = [name for name in ("user", "manager") if reference.find(PERSON, self.stage.people[name].id)]
        return names[number % len(names)]

    # -- what one can do; `number` chooses whom or what it is done to ------------------------------------------------
    def comment(self, number: int) -> None:
        self.api.comment(STATUSES[number % 5], user=self.author(number), task=self.tasks[number % 2])

    def remove_comment(self, number: int) -> None:
        if comment := self.one(COMMENT, number):
            assert self.api.delete(f"/data/comments/{comment.id}").status == 204

    def work(self, number: int) -> None:
        values = {"task_id": self.tasks[number % 2].id, "person_id": self.stage.people[self.author(number // 2)].id}
        body = {**values, "date": f"2026-01-{1 + number % 28:02}", "duration": 10 + number}
        self.api.post("/data/time-spents/", body)

    def forget_work(self, number: int) -> None:
        if spent := self.one(TIME_SPENT, number):
            assert self.api.delete(f"/data/time-spents/{spent.id}").status == 204

    def cast(self, number: int) -> None:
        assets = [one for place, one in enumerate(self.assets) if number >> place & 1 and reads.find(ENTITY, one.id)]
        sent = [{"asset_id": one.id, "nb_occurences": 1} for one in assets]
        casting_update.put(self.stage.caller("manager"), reads.get(ENTITY, self.stage.shot.id), sent)

    def make_ready(self, number: int) -> None:
        asset = reads.find(ENTITY, self.assets[number % 3].id)
        if asset is not None:
            ready_for = [None, self.stage.types["Animation"].id, self.stage.types["Lighting"].id][number % 2 + 1]
            self.api.put(f"/data/entities/{asset.id}", {"ready_for": ready_for})

    def remove_asset(self, number: int) -> None:
        asset = reads.find(ENTITY, self.assets[number % 3].id)
        if asset is not None and number % 2:
            deletion.remove(ASSET, asset, force=True)
        elif asset is not None:
            self.api.delete(f"/data/entities/{asset.id}")

    def publish(self, number: int) -> None:
        if comment := self.one(COMMENT, number):
            task = reads.get(TASK, comment["object_id"])
            values = {"name": f"p{len(self.all(PREVIEW_FILE))}{number}", "status": "ready", "stored": STORED}
            preview = create(PREVIEW_FILE, task_id=task.id, revision=number, comments=[comment.id], **values)
            change(comment, previews=[*comment["previews"], preview.id])
            write(partial(show, preview=preview))

    def remove_preview(self, number: int) -> None:
        if preview := self.one(PREVIEW_FILE, number):
            previews.remove(preview)

    def talk(self, number: int) -> None:
        author = reference.find(PERSON, self.stage.people[self.author(number)].id)
        if author is not None and author.id in reads.get(CHAT, self.chat.id)["participants"]:
            messages.post(Caller(author), self.stage.shot, "Hello", [])

    def take_back(self, number: int) -> None:
        if message := self.one(CHAT_MESSAGE, number):
            assert self.api.delete(f"/data/chat-messages/{message.id}").status == 204

    def remove_artist(self, number: int) -> None:
        person = reference.find(PERSON, self.stage.people["user"].id)
        if person is not None and number % 3 == 0:
            remove_person(person)
            session.current().stamp = None

    # -- what is stored, and what a fresh count gives ----------------------------------------------------------------
    def check(self) -> None:
        for task in (reads.get(TASK, one.id) for one in self.tasks):
            thread = counted.thread_of(task)
            fresh = counted.recounted(task, thread)
            same = ("retake_count", "last_comment_date", "task_status_id", "duration")
            assert {name: task[name] for name in same} == {name: fresh[name] for name in same}
            assert task["duration"] == durations.total(durations.time_on(task))
            shown = [one for one in main_previews.of_task(task.id) if main_previews.counts(one)]
            assert (task["last_preview_file_id"] is None) == (shown == [])
            assert task["last_preview_file_id"] in [None, *(one.id for one in shown)]
            assert task["nb_assets_ready"] == self.ready(task)
        shot = reads.get(ENTITY, self.stage.shot.id)
        assert shot["nb_entities_out"] == len(castings.held_by(shot))
        assert shot["preview_file_id"] is None or reads.find(PREVIEW_FILE, shot["preview_file_id"])
        said = [one for one in self.all(CHAT_MESSAGE) if one["chat_id"] == self.chat.id]
        last = max((one["created_at"] for one in said), default=None)
        assert reads.get(CHAT, self.chat.id)["last_message"] == last

    def ready(self, task: Record) -> int:
        """The rule of the contract, once more in other words."""
        ranks = {self.stage.types["Animation"].id: 1, self.stage.types["Lighting"].id: 2}
        links = castings.held_by(reads.get(ENTITY, self.stage.shot.id))
        assets = reads.get_many(ENTITY, [link["entity_out_id"] for link in links])
        return sum(ranks.get(asset["ready_for"], -1) >= ranks[task["task_type_id"]] for asset in assets)


def show(changes: Changes, preview: Record) -> None:
    main_preview.become_last(changes, preview, changes.read(TASK, preview["task_id"]))


ACTIONS: dict[str, Callable[[World, int], None]] = {
    name: getattr(World, name)
    for name in (
        "comment",
        "remove_comment",
        "work",
        "forget_work",
        "cast",
        "make_ready",
        "remove_asset",
        "publish",
        "remove_preview",
        "talk",
        "take_back",
        "remove_artist",
    )
}
steps = st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 30)), min_size=4, max_size=14)


@pytest.mark.slow
@given(steps)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_counters_are_what_a_fresh_count_gives(engine: Engine, bucket: str, taken: list[tuple[str, int]]) -> None:
    with empty_table(engine):
        world = World()
        for name, number in taken:
            ACTIONS[name](world, number)
        world.check()


@pytest.fixture
def world(table: str, bucket: str) -> World:
    """The shot casts all three assets, which are ready for both of its tasks."""
    made = World()
    made.cast(7)
    for number in (1, 3, 5):
        made.make_ready(number)
    return made


def ready(world: World) -> list[int]:
    return [reads.get(TASK, task.id)["nb_assets_ready"] for task in world.tasks]


def test_the_assets_of_the_fixture_are_ready(world: World) -> None:
    assert ready(world) == [3, 3]


@pytest.mark.parametrize("way", ["forced", "unforced", "generic", "link", "casting"])
def test_an_asset_that_goes_is_ready_no_more(world: World, way: str) -> None:
    asset = reads.get(ENTITY, world.assets[0].id)
    (link,) = (one for one in world.all(ENTITY_LINK) if one["entity_out_id"] == asset.id)
    if way == "generic":
        assert world.api.delete(f"/data/entities/{asset.id}").status == 204
    elif way == "link":
        casting_links.remove_link(link)
    elif way == "casting":
        world.cast(6)
    else:
        deletion.remove(ASSET, asset, force=way == "forced")
    assert ready(world) == [2, 2]


def cut_off(*_: Any) -> None:
    raise KeyboardInterrupt


def test_counting_survives_a_run_that_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = reads.get(ENTITY, world.assets[0].id)
    monkeypatch.setattr(removal, "_discard", cut_off)
    with pytest.raises(KeyboardInterrupt):
        deletion.remove(ASSET, asset, force=True)
    monkeypatch.undo()
    assert len(world.all(ENTITY_LINK)) == 3
    deletion.remove(ASSET, asset, force=True)
    assert ready(world) == [2, 2]
    world.check()


def test_an_asset_that_is_changed_counts_at_once(world: World) -> None:
    update.change(world.stage.caller("admin"), reads.get(ENTITY, world.assets[0].id), {"description": "Red"})
    world.check()
