"""Files that take longer than a request has time for are taken in by the queue function."""

import itertools
import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.comments import posting
from chalicelib.functions import media
from chalicelib.interchange.rows import production_import
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.store import keys, objects, queue, reads, session
from tests.prepared import prepared
from tests.unit.interchange.importing import Importer, Importing
from tests.unit.tasks.stage import change

HEAD = ["Sequence", "Name", "Description"]
ROWS = [["SQ01", f"SH{number:04}", "=words"] for number in range(60)]


@pytest.fixture
def stage(table: str, bucket: str) -> Importing:
    del bucket
    return prepared(Importing)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(queue, "send", messages.append)
    return messages


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is eight seconds after the one before: there is time for two transactions."""
    ticks = itertools.count(0, 8.0)
    monkeypatch.setattr(production_import, "time", SimpleNamespace(monotonic=lambda: next(ticks)))


def work(sent: list[str], attempt: int = 1) -> None:
    """The queue function does what it was asked for."""
    for body in sent:
        with session.opened():
            message = {"body": body, "attributes": {"ApproximateReceiveCount": str(attempt)}, "receiptHandle": "r"}
            media.handle_queue_event({"Records": [message]})


def told(stage: Importing, verb: str) -> list[dict[str, Any]]:
    return stage.events(f"csv-import:{verb}")


@pytest.mark.slow
@pytest.mark.usefixtures("hurried")
def test_the_queue_function_takes_in_the_rest(api: Importer, stage: Importing, sent: list[str]) -> None:
    reply = api.send("shots", [HEAD, *ROWS])
    done = len(reply.json)
    assert (reply.status, 0 < done < 60, len(sent)) == (202, True, 1)
    assert told(stage, "new") == [{"what": "shots", "rows": 60, "done": done}]
    work(sent)
    shots = stage.entities("Shot")
    assert {name for _, name, _ in ROWS} < set(shots)
    assert {shots[name]["description"] for _, name, _ in ROWS} == {"=words"}
    assert all(set(stage.tasks_of(shots[name])) == {"Animation", "Lighting"} for _, name, _ in ROWS)
    assert told(stage, "end") == [{"what": "shots", "rows": 60, "done": 60}]
    further = [one["done"] for one in told(stage, "update")]
    assert further == sorted(further) != []
    assert objects.get(json.loads(sent[0])["csv_import"]["key"]) is None
    # The message may come twice.
    work(sent)
    assert len(stage.entities("Shot")) == 61
    assert len(told(stage, "end")) == 1


@pytest.mark.usefixtures("hurried")
def test_what_is_wrong_by_then_is_told(api: Importer, stage: Importing, sent: list[str]) -> None:
    assert api.send("shots", [HEAD, *ROWS]).status == 202
    stage.set(team=[])
    work(sent)
    (refused,) = told(stage, "refused")
    assert refused["message"]
    assert len(stage.entities("Shot")) < 61


@pytest.mark.usefixtures("hurried")
def test_castings_go_on_as_well(api: Importer, stage: Importing, sent: list[str]) -> None:
    for number in range(60):
        stage.entity(f"Prop {number}", "Character")
    head = ["Parent", "Name", "Asset Type", "Asset", "Occurences"]
    rows = [["SQ01", "SH010", "Character", f"Prop {number}", number] for number in range(60)]
    assert api.send("casting", [head, *rows]).status == 202
    work(sent)
    assert len(stage.events("entity-link:new")) == 60


SAID = [["Sequence", "Name", "Animation", "Animation comment"], *([*row[:2], "wip", f"on {row[1]}"] for row in ROWS)]


def words(stage: Importing) -> list[str]:
    """What comments say, in order."""
    return sorted(one["text"] for one in reads.query(COMMENT, keys.home_of_owner(stage.project.id)))


@pytest.mark.slow
@pytest.mark.usefixtures("hurried")
def test_comments_go_on_too(api: Importer, stage: Importing, sent: list[str]) -> None:
    reply = api.send("shots", SAID)
    assert (reply.status, len(sent)) == (202, 1)
    work(sent)
    assert words(stage) == [row[3] for row in SAID[1:]]
    # The message may come twice, also after a day.
    work(sent)
    assert len(words(stage)) == 60


@pytest.mark.slow
@pytest.mark.parametrize("update", ["false", "true"])
@pytest.mark.usefixtures("hurried")
def test_a_run_that_is_cut_off_posts_each_comment_once(
    api: Importer, stage: Importing, sent: list[str], monkeypatch: pytest.MonkeyPatch, update: str
) -> None:
    assert api.send("shots", SAID, update=update).status == 202
    post_once, lives = posting.post_once, iter((7, 9, 1000))

    def cut_off(after: int) -> None:
        left = itertools.count(after, -1)

        def post(task: Record, new: Any, comment_id: str) -> None:
            if next(left) <= 0:
                raise Killed
            post_once(task, new, comment_id)

        monkeypatch.setattr(posting, "post_once", post)

    for life in lives:
        cut_off(life)
        with suppress(Killed):
            work(sent)
    assert words(stage) == [row[3] for row in SAID[1:]]
    assert len(stage.entities("Shot")) == 61
    assert told(stage, "end") == [{"what": "shots", "rows": 60, "done": 60}]


class Killed(BaseException):
    """The function ends where it stands."""


@pytest.mark.usefixtures("hurried")
def test_a_file_with_a_wrong_row_is_not_gone_on_with(api: Importer, stage: Importing, sent: list[str]) -> None:
    reply = api.send("shots", [HEAD, *ROWS, ["", "x", ""]])
    assert (reply.status, sent) == (413, [])


@pytest.mark.usefixtures("hurried")
def test_what_fails_for_good_is_told(
    api: Importer, stage: Importing, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(stage.shot, description="")
    api.send("shots", [HEAD, *ROWS])
    monkeypatch.setattr(objects, "get", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(sent, attempt=media.ATTEMPTS)
    assert "failed 3 times" in told(stage, "refused")[0]["message"]
