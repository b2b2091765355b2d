"""What imports ask of the database (docs/access-patterns.md), and that two of them at once double nothing."""

import itertools
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.interchange.rows import production_import
from chalicelib.records.entities import ENTITY
from chalicelib.records.tasks import TASK
from chalicelib.store import changes, keys, reads, session
from tests.unit.interchange.importing import Importer, Importing

HEAD = ["Sequence", "Name", "Nb Frames"]
ROWS = [HEAD, *([f"SQ{number // 25:02}", f"SH{number:04}", number] for number in range(50))]


def calls(api: Importer, what: str, rows: Any, **query: Any) -> Counter[str]:
    """The requests to the database of an import, by operation, without those for who asks."""
    reply = api.send(what, rows, **query)
    assert reply.status in (200, 201), reply.content
    return Counter(api.calls)


def test_fifty_shots_with_their_tasks_are_a_handful_of_calls(api: Importer, stage: Importing) -> None:
    api.send("shots", [HEAD, ["SQ01", "SH010", 1]])
    asked = calls(api, "shots", ROWS)
    # Two tasks a shot: nine items; the two sequences are looked for twice, by claim and by name.
    assert asked["TransactWriteItems"] <= 6
    assert asked["Query"] <= 3
    assert asked["GetItem"] <= 3
    assert len(stage.entities("Shot")) == 51


def test_rows_without_changes_cost_next_to_nothing(api: Importer) -> None:
    api.send("shots", ROWS)
    assert calls(api, "shots", ROWS)["TransactWriteItems"] == 0
    assert calls(api, "shots", ROWS, update="true")["TransactWriteItems"] == 1
    dry = calls(api, "shots", ROWS, update="true", dry_run="true")
    assert dry["TransactWriteItems"] == dry["GetItem"] == 0
    assert dry["Query"] <= 2


@pytest.mark.slow
def test_castings_and_estimations_are_as_cheap(api: Importer, stage: Importing) -> None:
    api.send("shots", ROWS)
    head = ["Parent", "Name", "Asset Type", "Asset", "Occurences"]
    asked = calls(api, "casting", [head, *([row[0], row[1], "Character", "Lama", 1] for row in ROWS[1:])])
    assert asked["TransactWriteItems"] <= 4
    where = f"task-types/{stage.types['Animation'].id}/estimations"
    asked = calls(api, where, [["Parent", "Entity", "Estimation"], *([*row[:2], 2] for row in ROWS[1:])])
    assert asked["TransactWriteItems"] == 2
    assert asked["Query"] <= 3


@pytest.mark.slow
def test_two_imports_of_the_same_file_double_nothing(api: Importer, stage: Importing) -> None:
    assets = [["Type", "Name"], *(["Props", f"Prop {number}"] for number in range(30))]
    files = [("shots", ROWS), ("shots", ROWS), ("assets", assets), ("assets", assets)]
    with ThreadPoolExecutor(len(files)) as pool:
        replies = list(pool.map(lambda one: api.send(*one), files))
    assert [reply.status for reply in replies] == [201] * 4
    home = keys.home_of_owner(stage.project.id)
    names = Counter((one["entity_type_id"], one["parent_id"], one["name"]) for one in reads.query(ENTITY, home))
    assert max(names.values()) == 1
    assert {one["id"] for one in replies[0].json} == {one["id"] for one in replies[1].json}
    assert {one["id"] for one in replies[2].json} == {one["id"] for one in replies[3].json}
    tasks = Counter((one["entity_id"], one["task_type_id"]) for one in reads.query(TASK, home))
    assert set(tasks.values()) == {1}
    assert len(tasks) == 2 * 50 + 2 * 30 + 1


@pytest.mark.slow
def test_imports_of_different_shots_do_not_wait_for_each_other(api: Importer, stage: Importing) -> None:
    """Four files side by side take as many transactions as one after the other: none is planned again."""
    other = [Importer(stage) for _ in range(4)]
    files = [[HEAD, *([f"SQ{n}", f"SH{number:04}", number] for number in range(30))] for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda one: one[0].send("shots", one[1]), zip(other, files, strict=True)))
    assert [reply.status for reply in replies] == [201] * 4
    assert len(stage.entities("Shot")) == 31
    assert {one.calls["TransactWriteItems"] for one in other} == {other[0].calls["TransactWriteItems"]}


def be_first(monkeypatch: pytest.MonkeyPatch, command: Callable[[changes.Changes], Any]) -> None:
    """Lets somebody else write before the next transaction."""
    commit, met = changes.Changes.commit, []

    def late(self: changes.Changes) -> None:
        if not met:
            met.append(1)
            with session.opened():
                changes.write(command)
        commit(self)

    monkeypatch.setattr(changes.Changes, "commit", late)


def test_who_changes_a_shot_meanwhile_loses_nothing(
    api: Importer, stage: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is first with the first transaction: the import begins again on what they left."""
    be_first(monkeypatch, lambda other: other.update(other.read(ENTITY, stage.shot.id), data={"handles": "12"}))
    shot = api.send("shots", [["Sequence", "Name", "FPS"], ["SQ01", "SH010", "25"]], update="true").json[0]
    assert shot["data"] == {"handles": "12", "fps": "25"}


def test_a_file_for_which_there_is_no_time_tells_where_the_rest_begins(
    api: Importer, stage: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock stands still while the request begins and the first two transactions are written.
    ticks = itertools.chain([0.0] * 3, itertools.repeat(60.0))
    with monkeypatch.context() as patch:
        patch.setattr(production_import, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
        refused = api.send("shots", ROWS)
    assert refused.status == 413
    following = refused["line_number"]
    assert set(stage.entities("Shot")) == {"SH010", *(row[1] for row in ROWS[1:following])}
    # What is there has its tasks, and the rest is taken in by another request.
    last = stage.entities("Shot")[str(ROWS[following - 1][1])]
    assert set(stage.tasks_of(last)) == {"Animation", "Lighting"}
    assert api.send("shots", [HEAD, *ROWS[following:]]).status == 201
    assert len(stage.entities("Shot")) == 51


def test_what_goes_while_it_is_named_is_a_wrong_row(
    api: Importer, stage: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sequence goes while a shot is made below it."""
    be_first(monkeypatch, lambda other: other.delete(other.read(ENTITY, stage.sequence.id)))
    reply = api.send("shots", [HEAD, ["SQ01", "SH777", 1]])
    assert (reply.status, reply["line_number"]) == (400, 1)
    assert "SH777" not in stage.entities("Shot")
    assert api.send("shots", [HEAD, ["SQ01", "SH777", 1]]).status == 201
