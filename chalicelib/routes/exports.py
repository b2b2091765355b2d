"""CSV exports (docs/contract/interchange.md section 1)."""

from typing import Final

from chalicelib.access import checks, rules
from chalicelib.access.rules import about
from chalicelib.http import answers
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.interchange import csv_writing
from chalicelib.interchange.csv_writing import MEDIA_TYPE, Rows
from chalicelib.interchange.exports import castings, entities, persons, studio, tasks, time_spents
from chalicelib.interchange.exports.entities import Layout
from chalicelib.records.production import PROJECT

area = Area("exports", "Tables to take along.")
_OF_PROJECT: Final = "/export/csv/projects/{project_id}"
_team = rules.of_record(
    "project access, no vendors", PROJECT, "project_id", checks.see_project, about(checks.not_vendor)
)
_FILTERS: Final = {
    "id": "that entity alone",
    "episode_id": "an id, `main` (assets of no episode) or `all`",
    "assigned_to": "whatever it says: what the caller is assigned to",
}


def table(rows: Rows, slug: str) -> Answer:
    """A table as a CSV file, `kitsu_<slug>.csv`."""
    return answers.binary(csv_writing.written(rows), MEDIA_TYPE, filename=f"kitsu_{slug}.csv", attachment=True)


# -- the studio --------------------------------------------------------------------------------------------------------
@area.get("/export/csv/persons.csv", access=rules.manager, answer=MEDIA_TYPE)
def export_persons(call: Call) -> Answer:
    """Exports everybody but bots."""
    del call
    return table(persons.table(), "people_export")


@area.get("/export/csv/projects.csv", access=rules.manager, answer=MEDIA_TYPE)
def export_projects(call: Call) -> Answer:
    """Exports the names and states of the caller's productions."""
    return table(studio.projects(call.caller), "export")


@area.get("/export/csv/task-types.csv", access=rules.manager, answer=MEDIA_TYPE)
def export_task_types(call: Call) -> Answer:
    """Exports the task types of departments."""
    del call
    return table(studio.task_types(), "export")


@area.get("/export/csv/tasks.csv", access=rules.manager, answer=MEDIA_TYPE)
def export_tasks(call: Call) -> Answer:
    """Exports the tasks of the caller's open productions."""
    return table(tasks.table(call.caller), "tasks_export")


@area.get("/export/csv/time-spents.csv", access=rules.manager, answer=MEDIA_TYPE)
def export_time_spents(call: Call) -> Answer:
    """Exports the time noted in the caller's open productions."""
    return table(time_spents.table(call.caller), time_spents.file_name(call.caller))


# -- a production ------------------------------------------------------------------------------------------------------
def _of_project(call: Call, rows: Rows, word: str) -> Answer:
    return table(rows, csv_writing.slug(f"{call.subject['name']} {word}"))


def _entities(call: Call, layout: Layout) -> Answer:
    rows = entities.table(call.caller, layout, call.subject, call.query)
    return _of_project(call, rows, layout.kind.plural)


@area.get(f"{_OF_PROJECT}/assets.csv", access=_team, query=_FILTERS, answer=MEDIA_TYPE)
def export_assets(call: Call) -> Answer:
    """Exports the assets of a production with the state of their tasks."""
    return _entities(call, entities.ASSETS)


@area.get(f"{_OF_PROJECT}/shots.csv", access=_team, query=_FILTERS, answer=MEDIA_TYPE)
def export_shots(call: Call) -> Answer:
    """Exports the shots of a production with the state of their tasks."""
    return _entities(call, entities.SHOTS)


@area.get(f"{_OF_PROJECT}/edits.csv", access=_team, answer=MEDIA_TYPE)
def export_edits(call: Call) -> Answer:
    """Exports the edits of a production with the state of their tasks."""
    return _entities(call, entities.EDITS)


@area.get(
    f"{_OF_PROJECT}/casting.csv",
    access=_team,
    query={"is_shot_casting": "`true`: castings of shots", "episode_id": "an id, `main` or `all`"},
    answer=MEDIA_TYPE,
)
def export_castings(call: Call) -> Answer:
    """Exports what assets, shots or episodes of a production cast."""
    return _of_project(call, castings.table(call.caller, call.subject, call.query), "casting")
