"""Estimations out of a CSV file (docs/contract/interchange.md 2.7)."""

from typing import Any

import pytest

from tests.unit.interchange.csv_files import actions, send
from tests.unit.interchange.importing import Importer, Importing
from tests.unit.tasks.stage import UNKNOWN, change, now

HEAD = ["Parent", "Entity", "Estimation", "Start date", "Due date", "Difficulty"]


def path(stage: Importing, task_type: str = "Animation", episode: str = "") -> str:
    return f"{episode}task-types/{stage.types[task_type].id}/estimations"


def plan(task: Any) -> tuple[Any, ...]:
    day = lambda moment: moment and moment[:10]  # noqa: E731
    return task["estimation"], day(task["start_date"]), day(task["due_date"]), task["difficulty"]


def test_days_become_minutes_and_a_due_date(api: Importer, stage: Importing) -> None:
    task = stage.task_on(stage.shot, "Animation")
    rows = [HEAD, ["sq01", "Sh010", "2.5", "2024-03-04", "", "4"]]
    assert api.send(path(stage), rows).json == [None]
    assert plan(now(task)) == (1200, "2024-03-04", "2024-03-06", 4)
    assert stage.events("task:update") == [{"task_id": task.id}]
    assert actions(api.send(path(stage), rows, dry_run="true")) == ["unchanged"]


@pytest.mark.parametrize(
    ("days", "start", "due"),
    [("3", "2024-03-08", "2024-03-12"), ("1", "2024-03-08", "2024-03-08"), ("10", "2024-03-04", "2024-03-15")],
)
def test_weekends_are_no_working_days(api: Importer, stage: Importing, days: str, start: str, due: str) -> None:
    task = stage.task_on(stage.shot, "Animation")
    api.send(path(stage), [HEAD, ["SQ01", "SH010", days, start, "", ""]])
    assert plan(now(task))[2] == due


def test_empty_cells_leave_things_alone(api: Importer, stage: Importing) -> None:
    task = stage.task_on(stage.shot, "Animation", estimation=60)
    api.send(path(stage), [HEAD, ["SQ01", "SH010", "", "", "2024-04-01", ""]])
    api.send(path(stage), [HEAD[:2], ["SQ01", "SH010"]])
    assert plan(now(task)) == (60, None, "2024-04-01", 3)


def test_assets_are_found_by_their_type(api: Importer, stage: Importing) -> None:
    assert api.send(path(stage, "Modeling"), [HEAD[:3], ["character", "LAMA", "1"]]).status == 201
    assert now(stage.task)["estimation"] == 480


def test_an_episode_narrows_it_to_what_is_in_it(api: Importer, stage: Importing) -> None:
    stage.show()
    episode, other = stage.entity("E01", "Episode"), stage.entity("E02", "Episode")
    change(stage.sequence, parent_id=episode.id)
    task = stage.task_on(stage.shot, "Animation")
    rows = [HEAD[:3], ["SQ01", "SH010", "1"]]
    assert api.send(path(stage, episode=f"episodes/{episode.id}/"), rows).status == 201
    assert now(task)["estimation"] == 480
    assert api.send(path(stage, episode=f"episodes/{other.id}/"), rows).status == 400
    for unknown in (UNKNOWN, stage.shot.id):
        assert api.send(path(stage, episode=f"episodes/{unknown}/"), rows).status == 404
    where = f"/import/csv/projects/{stage.project.id}/task-types/{UNKNOWN}/estimations"
    assert send(api, where, rows).status == 404


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Entity", "SH777"),
        ("Estimation", "long"),
        ("Estimation", "nan"),
        ("Estimation", "1e999"),
        ("Estimation", "1e300"),
        ("Estimation", "-1"),
        ("Start date", "04/03/2024"),
        ("Due date", "2024-02-30"),
        ("Due date", "99999-01-01"),
        ("Difficulty", "6"),
        ("Difficulty", "hard"),
        ("Difficulty", "9" * 5000),
    ],
)
def test_a_wrong_cell_tells_row_and_column(api: Importer, stage: Importing, column: str, text: str) -> None:
    task = stage.task_on(stage.shot, "Animation")
    good = dict(zip(HEAD, ["SQ01", "SH010", "1", "", "", ""], strict=True))
    rows = [HEAD, list(good.values()), list({**good, column: text}.values())]
    reply = api.send(path(stage), rows)
    assert (reply.status, reply["line_number"], reply["column"]) == (400, 2, column)
    assert now(task)["estimation"] == 480


def test_work_that_ends_after_the_last_year_is_refused(api: Importer, stage: Importing) -> None:
    stage.task_on(stage.shot, "Animation")
    reply = api.send(path(stage), [HEAD, ["SQ01", "SH010", "4000000", "9999-12-30", "", ""]])
    assert (reply.status, reply["column"]) == (400, "Estimation")
    assert api.send(path(stage), [["Entity"], ["SH010"]])["column"] == "Parent"
