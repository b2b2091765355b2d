"""Files that take longer than a request has time for: the queue function takes the rest in.

The rest lies in the bucket, and a job hands it over. A run that is cut off is begun again: a mark says which rows are
done (`rows/marks.py`), and comments are posted once. How far it got is told in the journal: `csv-import:new`,
`csv-import:update`, and `csv-import:end` or `csv-import:refused`.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.errors import Forbidden, Invalid, NotFound, TooLarge, Unavailable, VulpesError
from chalicelib.events.journal import emit
from chalicelib.interchange import csv_reading, csv_writing
from chalicelib.interchange.csv_imports.assets import AssetRows
from chalicelib.interchange.csv_imports.casting import CastingImport
from chalicelib.interchange.csv_imports.edits import EditRows
from chalicelib.interchange.csv_imports.estimations import EstimationImport
from chalicelib.interchange.csv_imports.shots import ShotRows
from chalicelib.interchange.rows.entity_import import EntityImport
from chalicelib.interchange.rows.marks import Mark
from chalicelib.interchange.rows.production_import import ProductionImport
from chalicelib.interchange.rows.table import Table
from chalicelib.media import keys as media_keys
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import keys, objects, queue, reference, session
from chalicelib.store.changes import Changes, write

Made = ProductionImport[Any]
Asked = Mapping[str, Any]
# What the queue function is asked for by.
WORD: Final = "csv_import"
# The queue function has 900 s; what is begun last takes some.
_SLICES: Final = 40
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
    project_id = importing.project.id
    key = media_keys.csv_import(keys.home_of_owner(project_id), secrets.token_hex(16))
    rest = [row.cells for row in importing.table.rows[done:]]
    objects.put(key, csv_writing.written([importing.table.head, *rest]))
    whole = {
        **asked,
        "project_id": project_id,
        "caller_id": importing.caller.id,
        "key": key,
        "done": done,
        "rows": rows,
    }

    def command(changes: Changes) -> None:
        _tell(changes, whole, "new", done)
        enqueue(changes, hand_over, asked=whole)

    write(command)


@job("have the rest of a CSV file taken in")
def hand_over(asked: Asked) -> None:
    """Asks the queue function for the rest of a file."""
    queue.send(json.dumps({WORD: asked}))


def serve(asked: Asked) -> None:
    """Takes in the rest of a file, unless that is done; what is wrong with it is told in the journal."""
    data = objects.get(asked["key"])
    if data is None:
        return
    with session.opened(asked["caller_id"]):
        try:
            _take_in(asked, csv_reading.read(data))
        except (Invalid, Forbidden, NotFound) as problem:
            _refuse(asked, problem)
        objects.delete([asked["key"]])


def _take_in(asked: Asked, table: Table) -> None:
    caller = Caller(reference.get(PERSON, asked["caller_id"]))
    project = checks.known_project(asked["project_id"])
    checks.manage_project(caller, project)
    importing = made(caller, project, table, asked)
    importing.resume(Mark(keys.home_of_owner(project.id), asked["key"]))
    before = asked["done"] + len(table.rows) - len(importing.table.rows)
    for _ in range(_SLICES):
        try:
            importing.run()
        except TooLarge:
            write(_telling(asked, "update", before + len(importing.done)))
        else:
            write(_telling(asked, "end", asked["rows"]))
            return
    # The queue gives the message out again, and what is done is found.
    raise Unavailable("The file is not through yet.")


def give_up(asked: Asked, attempts: int) -> None:
    """Tells of a file that could not be taken in."""
    with session.opened(asked["caller_id"]):
        _refuse(asked, Unavailable(f"Taking in the rest of the file failed {attempts} times."))


def _refuse(asked: Asked, problem: VulpesError) -> None:
    line_number = problem.extra.get("line_number")
    told = {"message": problem.message, "column": problem.extra.get("column")}
    if line_number is not None:
        told["line_number"] = asked["done"] + line_number
    write(_telling(asked, "refused", None, **told))


def _telling(asked: Asked, verb: str, done: int | None, **more: Any) -> Callable[[Changes], None]:
    return lambda changes: _tell(changes, asked, verb, done, **more)


def _tell(changes: Changes, asked: Asked, verb: str, done: int | None, **more: Any) -> None:
    progress = {"done": done} if done is not None else {}
    emit(changes, f"csv-import:{verb}", asked["project_id"], what=asked["what"], rows=asked["rows"], **progress, **more)
