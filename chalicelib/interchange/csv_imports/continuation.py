"""Files that take longer than a request has time for: the queue function takes the rest in (`rows/handover.py`).

A run that is cut off is begun again: a mark says which rows are done (`rows/marks.py`), and comments are posted once.
"""

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.errors import TooLarge, Unavailable
from chalicelib.interchange import csv_reading, csv_writing
from chalicelib.interchange.csv_imports.assets import AssetRows
from chalicelib.interchange.csv_imports.casting import CastingImport
from chalicelib.interchange.csv_imports.edits import EditRows
from chalicelib.interchange.csv_imports.estimations import EstimationImport
from chalicelib.interchange.csv_imports.shots import ShotRows
from chalicelib.interchange.rows.entity_import import EntityImport
from chalicelib.interchange.rows.handover import Asked, Handover, Slice
from chalicelib.interchange.rows.marks import Mark
from chalicelib.interchange.rows.production_import import ProductionImport
from chalicelib.interchange.rows.table import Table
from chalicelib.records.record import Record
from chalicelib.store import keys

Made = ProductionImport[Any]
_ENTITIES: Final = {"assets": AssetRows, "shots": ShotRows, "edits": EditRows}


def made(caller: Caller, project: Record, table: Table, asked: Asked) -> Made:
    """The import that is asked for: `what` it takes in, whether it `update`s, a `task_type_id`, an `episode_id`."""
    what = asked["what"]
    if what in _ENTITIES:
        return EntityImport(_ENTITIES[what], caller, project, table, asked["update"])
    if what == "casting":
        return CastingImport(caller, project, table, update=True)
    return EstimationImport(caller, project, table, asked["task_type_id"], asked.get("episode_id"))


def carry_out(importing: Made, asked: Asked) -> tuple[Sequence[Any], bool]:
    """What the rows became, and whether all of them did: else the queue function goes on with the rest.

    Raises Invalid for a wrong row, TooLarge where there is no time for all of them and nothing goes on by itself.
    """
    try:
        importing.run()
    except TooLarge:
        if not importing.may_go_on_later():
            raise
        try:
            _hand_over(importing, asked)
        except Unavailable:
            pass
        else:
            return importing.results(), False
        raise
    return importing.results(), True


def _hand_over(importing: Made, asked: Asked) -> None:
    done, rows = len(importing.done), len(importing.table.rows)
    left = csv_writing.written([importing.table.head, *(row.cells for row in importing.table.rows[done:])])
    HANDOVER.begin({**asked, "done": done, "rows": rows}, importing.caller, importing.project.id, left)


def _opened(caller: Caller, asked: Asked, data: bytes) -> Slice:
    """Begins with the rest of a file, where a former run was cut off."""
    project = checks.known_project(asked["project_id"])
    checks.manage_project(caller, project)
    table = csv_reading.read(data)
    importing = made(caller, project, table, asked)
    importing.resume(Mark(keys.home_of_owner(project.id), asked["key"]))
    before = len(table.rows) - len(importing.table.rows)

    def take_some() -> int | None:
        try:
            importing.run()
        except TooLarge:
            return before + len(importing.done)
        return None

    return take_some


HANDOVER: Final = Handover("csv", _opened)
