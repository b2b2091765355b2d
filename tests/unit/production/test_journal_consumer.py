"""The consumer of docs/events.md: away for a week, it gets every event exactly once (section 11)."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.journal import feed
from chalicelib.records import clock
from chalicelib.records.production import API_EVENT
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import Changes, write
from tests.unit.production.conftest import Studio

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"
A_TRANSACTION = 45
FIRST = "2026-11-27T08:00:00.000000"


class Consumer:
    """Runs the function of the page, as a manager, and keeps what it was handed."""

    def __init__(self, studio: Studio) -> None:
        self.manager = studio.caller("manager")
        self.projects = [studio.project(name, team=(self.manager,)) for name in ("One", "Two")]
        (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
        self._page: dict[str, Any] = {}
        exec(code, self._page)
        self.state: dict[str, Any] = {"since": FIRST[:19], "known": []}
        self.handled: list[dict[str, Any]] = []
        self.pages = 0

    def run(self, most: int = 100) -> int:
        """Catches up, in pages of so many; how many events were new."""
        before = len(self.handled)

        def get(query: dict[str, Any]) -> Any:
            self.pages += 1
            query["limit"] = most
            with session.opened():
                return feed.last(self.manager, {name: str(value) for name, value in query.items()})

        self.state = self._page["catch_up"](get, self.state, self.handled.append)
        return len(self.handled) - before

    def seen(self) -> Counter[str]:
        return Counter(one["data"]["number"] for one in self.handled if "number" in one["data"])


def at(moment: str, consumer: Consumer, numbers: list[str]) -> None:
    """Writes events of that moment, some of each production and of the studio, in one transaction."""

    def command(changes: Changes) -> None:
        for place, number in enumerate(numbers):
            project = [*consumer.projects, None][place % 3]
            told = {"name": "task-type:update", "project_id": project.id if project else None}
            changes.create(API_EVENT, {**told, "created_at": moment, "data": {"number": number}})

    with session.opened():
        write(command)


@pytest.fixture
def consumer(studio: Studio) -> Consumer:
    return Consumer(studio)


@pytest.mark.slow
def test_who_was_away_for_a_week_gets_everything_once(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    moment, wanted = FIRST, []
    for step in range(28):
        # Every six hours, over the end of the month.
        moment = clock.shift(FIRST, hours=6 * step)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        numbers = [f"{step}-{place}" for place in range(A_TRANSACTION)]
        at(moment, consumer, numbers)
        wanted += numbers
    partitions = {keys.month_in(pk) for pk in reads.partitions(API_EVENT, "studio")}
    assert {"2026-11", "2026-12"} <= partitions
    with ThreadPoolExecutor(2) as pool:
        later = [[f"late-{one}-{place}" for place in range(6)] for one in range(10)]
        writing = [
            pool.submit(at, clock.shift(moment, seconds=5 + one), consumer, those) for one, those in enumerate(later)
        ]
        consumer.run()
        for one in writing:
            one.result()
    consumer.run()
    assert consumer.seen() == Counter([*wanted, *(number for those in later for number in those)])
    assert consumer.run() == 0
    assert consumer.pages > len(wanted) // 100


def test_what_lands_late_is_not_missed(consumer: Consumer) -> None:
    at("2026-11-28T10:00:00.500000", consumer, ["first"])
    consumer.run()
    # Stamped before what was read already, landed after it.
    at("2026-11-28T09:59:20.000000", consumer, ["late"])
    at("2026-11-28T10:00:00.700000", consumer, ["second"])
    assert consumer.run() == 2
    assert consumer.run() == 0
    assert consumer.seen() == Counter(["first", "late", "second"])


def test_a_page_goes_on_where_the_last_one_ended_whatever_is_written(consumer: Consumer) -> None:
    at("2026-11-28T10:00:00.000000", consumer, [str(number) for number in range(7)])
    at("2026-11-28T10:00:01.000000", consumer, [str(number) for number in range(7, 12)])
    assert consumer.run(most=3) >= 12
    assert consumer.seen() == Counter(str(number) for number in range(12))
    order = [one["created_at"] for one in consumer.handled]
    assert order == sorted(order)
