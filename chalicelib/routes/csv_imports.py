"""CSV imports (docs/contract/interchange.md section 2)."""

from typing import Any, Final

from chalicelib.access import rules
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.charsets import codec_of
from chalicelib.http.multipart import header_value
from chalicelib.http.routing import Area, Options
from chalicelib.interchange import csv_reading
from chalicelib.interchange.csv_imports import continuation
from chalicelib.interchange.csv_imports.persons import PersonImport
from chalicelib.interchange.rows.table import Table
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import PERSON
from chalicelib.records.record import plain, shown
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.forms import is_dry, sent_file

area = Area("CSV imports", "Tables to take in.")
_DRY: Final = {
    "dry_run": "`true`: answers 200 and what would become of each row, and writes nothing.",
    "encoding": "How the file is written, `windows-1252` say, where it is not UTF-8.",
}
_QUERY: Final = {"update": "`true`: rows that exist are changed; else they are left as they are.", **_DRY}
_PROJECT: Final = "/import/csv/projects/{project_id}"
_ENTITIES: Final[Options] = {
    "files": True,
    "large": "",
    "query": _QUERY,
    "answer": Shown(ENTITY, many=True),
    "status": 201,
}
_NULLS: Final[Options] = {"files": True, "large": "", "query": _DRY, "answer": list[None], "status": 201}


def _table(call: Call) -> Table:
    """The table of the file that was sent; Invalid without one."""
    sent = sent_file(call, "a form with a CSV file in the field file")
    named = {"charset": call.query["encoding"]} if "encoding" in call.query else header_value(sent.content_type)[1]
    return csv_reading.read(sent.data, codec_of(named) if "charset" in named else None)


def _updates(call: Call) -> bool:
    """Whether rows that exist are changed: `true` alone says so."""
    return call.query.get("update", "").lower() == "true"


@area.post(
    "/import/csv/persons", access=rules.admin, files=True, query=_QUERY, answer=Shown(PERSON, many=True), status=201
)
def import_persons(call: Call) -> Any:
    """Takes people out of a CSV file; they are found by their addresses."""
    people = PersonImport(call.caller, _table(call), _updates(call))
    return Answer(people.preview(), 200) if is_dry(call) else [plain(one) for one in people.carry_out()]


@area.post(f"{_PROJECT}/assets", access=rules.project_manager(), **_ENTITIES)
def import_assets(call: Call) -> Any:
    """Takes assets out of a CSV file; they are found by their names. Types that are missing are made."""
    return _import(call, "assets")


@area.post(f"{_PROJECT}/shots", access=rules.project_manager(), **_ENTITIES)
def import_shots(call: Call) -> Any:
    """Takes shots out of a CSV file; they are found by sequence and name. Sequences and episodes are made."""
    return _import(call, "shots")


@area.post(f"{_PROJECT}/edits", access=rules.project_manager(), **_ENTITIES)
def import_edits(call: Call) -> Any:
    """Takes edits out of a CSV file; they are found by episode and name."""
    return _import(call, "edits")


@area.post(f"{_PROJECT}/casting", access=rules.project_manager(), **_NULLS)
def import_casting(call: Call) -> Any:
    """Takes castings out of a CSV file; names count as slugs, rows about what is not there are passed over."""
    return _import(call, "casting")


@area.post(f"{_PROJECT}/task-types/{{task_type_id}}/estimations", access=rules.project_manager(), **_NULLS)
def import_estimations(call: Call) -> Any:
    """Takes estimations, dates and difficulties of the tasks of a type out of a CSV file."""
    return _import(call, "estimations")


@area.post(
    f"{_PROJECT}/episodes/{{episode_id}}/task-types/{{task_type_id}}/estimations",
    access=rules.project_manager(),
    **_NULLS,
)
def import_estimations_of_episode(call: Call) -> Any:
    """Takes the same for what is in an episode."""
    return _import(call, "estimations")


def _import(call: Call, what: str) -> Any:
    """The answer of an import into a production: 201, or 202 where it goes on by itself."""
    asked = {**call.params, "what": what, "update": _updates(call)}
    importing = continuation.made(call.caller, call.subject, _table(call), asked)
    if is_dry(call):
        return Answer(importing.preview(), 200)
    found, whole = continuation.carry_out(importing, asked)
    shows = [one and shown(one, type=ENTITY.name) for one in found]
    return shows if whole else Answer(shows, 202)
