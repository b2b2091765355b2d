"""A request to each declared route: ids of one production in its path, a body that gets as far as the permission."""

import re
from typing import Any, Final

from chalicelib.domain.registry import ALL
from chalicelib.http.call import Route
from chalicelib.http.routing import every
from chalicelib.records.record import Record
from chalicelib.routes import areas
from tests.access.studio import UNKNOWN, Production
from tests.access.table import GENERIC
from tests.client import Api

ENTITY_WORDS: Final = ("asset", "episode", "sequence", "shot", "edit", "concept", "scene")
# Parameters that are no ids, and those that name a record by another word than its table.
_WORDS: Final = {
    "extension": "png",
    "file_name": "words.txt",
    "session_id": "AAAAAAAAAAAAAAAAAAAAAA",
    "entity_type": "asset",
    "date": "2022-01-05",
    "month_date": "2022-01",
    "year": "2022",
    "month": "1",
    "week": "1",
    "day": "5",
    "delivery_id": UNKNOWN,
}
_TABLES: Final = {
    "attachment": "attachment_file",
    "error": "data_import_error",
    "descriptor": "metadata_descriptor",
    "asset_type": "entity_type",
    "filter": "search_filter",
    "filter_group": "search_filter_group",
    "entry": "budget_entry",
    "file": "working_file",
    "temporal_entity": "entity",
}
# What a change sends where not every field is for everybody; a body that asks for nothing tells nothing.
_CHANGES: Final = {
    "Task": {"priority": 2},
    "Entity": {"description": "other words"},
    "Comment": {"text": "other words"},
    "ScheduleItem": {"man_days": 2},
}
_LISTS: Final = ("comment-many", "create-tasks", "delete-tasks", "set-shot-nb-frames")


def all_routes() -> list[Route]:
    """All declared routes."""
    return list(every(areas()))


def parameters(path: str) -> list[str]:
    """The names of the parameters of a path."""
    return re.findall(r"\{(\w+)\}", path)


def table_of(route: Route, parameter: str) -> str:
    """The table of the record that a parameter of a route names: `task`; an entity by its kind: `shot`."""
    if parameter != "instance_id":
        word = parameter.removesuffix("_id")
        return _TABLES.get(word, word)
    if route.access.name.startswith(GENERIC):
        name = route.access.name.removeprefix(GENERIC)
        return next(table for table, collection in ALL.items() if collection.kind.name == name)
    for table in ("preview_background_file", "preview_file", "person", "organisation", "project"):
        if f"/{table.replace('_', '-')}" in route.path:
            return table
    raise AssertionError(f"What does {parameter} name in {route.path}?")


def record_of(production: Production, table: str) -> Record:
    """The record of a production, or of the studio, that stands for a table."""
    if table in ENTITY_WORDS:
        return production.entities[table]
    return production.records.get(table) or production.studio.records[table]


def path_of(route: Route, production: Production, fresh: bool = False) -> str:
    """The path of a route, with the ids of a production; `fresh`: the last one is of a record made for it."""
    path, names = route.path, parameters(route.path)
    for name in names:
        if name in _WORDS:
            value = _WORDS[name]
        elif name == "reply_id":
            value = production.records["comment"]["replies"][0]["id"]
        else:
            table = table_of(route, name)
            is_twin = fresh and name == names[-1] and table not in (*ENTITY_WORDS, "preview_background_file")
            # Whose hours they are is an assignee; who leaves a chat leaves its entity as it is.
            is_twin = is_twin and "/time-spents/" not in path and not path.endswith("/join")
            value = (production.twin(table) if is_twin else record_of(production, table)).id
        path = path.replace(f"{{{name}}}", value)
    return path


def body_of(route: Route, production: Production) -> Any:
    """A body that gets to the permission, and no further than that where something would be created."""
    if route.access.name.startswith(GENERIC):
        kind = route.access.name.removeprefix(GENERIC)
        if route.method == "PUT":
            return _CHANGES.get(kind, {})
        return {**ids_of(production), "no such field": 1}
    if any(route.path.rstrip("/").split("{")[0].find(word) >= 0 or word in route.path for word in _LISTS):
        return [UNKNOWN] if "delete-tasks" in route.path else []
    if route.access.name == "may assign":
        return {"person_id": production.studio.people["mate"].id}
    return {} if "links" not in route.path else ids_of(production)


def ids_of(production: Production) -> dict[str, str]:
    """The ids that name a production and what is in it, as bodies carry them."""
    return {
        "project_id": production.id,
        "task_id": production.records["task"].id,
        "entity_id": production.records["entity"].id,
        "task_type_id": production.studio.task_type.id,
        "task_status_id": production.studio.status.id,
        "person_id": production.studio.people["mate"].id,
    }


def send(api: Api, route: Route, production: Production, user: str | None, fresh: bool = False) -> Any:
    """Asks a route about a production as somebody."""
    body = body_of(route, production) if route.method in ("POST", "PUT") else None
    params = {"project_id": production.id} if route.access.name.startswith("project access by query") else None
    return api.call(route.method, path_of(route, production, fresh), body, user=user, params=params)
