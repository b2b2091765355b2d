"""A production to import into, and a client of the routes that matter for it."""

from typing import Any

from chalicelib.records.entities import ENTITY
from chalicelib.records.production import METADATA_DESCRIPTOR
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.routes import csv_imports, exports
from chalicelib.store import keys, reads
from tests.unit.interchange.csv_files import Rows, send
from tests.unit.tasks.stage import People, Stage, create


class Importing(Stage):
    """The stage of tasks with task types set on the production, and metadata of each kind of column."""

    def __init__(self) -> None:
        super().__init__()
        self.set(task_types=[self.types[name].id for name in ("Modeling", "Shading", "Animation", "Lighting")])
        for name, kind, sort in (
            ("Weather", "Shot", "string"),
            ("Night", "Shot", "boolean"),
            ("Cost", "Asset", "number"),
        ):
            field_name = name.lower()
            values = {"name": name, "field_name": field_name, "entity_type": kind, "data_type": sort, "choices": []}
            create(METADATA_DESCRIPTOR, project_id=self.project.id, departments=[], **values)

    def show(self) -> Record:
        """The production as one that is told in episodes."""
        self.set(production_type="tvshow")
        return self.project

    def entities(self, kind: str) -> dict[str, Record]:
        """The entities of a kind by their names."""
        found = reads.query(ENTITY, keys.home_of_owner(self.project.id))
        return {one["name"]: one for one in found if one["entity_type_id"] == self.kinds[kind].id}

    def tasks_of(self, entity: Record) -> dict[str, Record]:
        """The tasks of an entity by the names of their types."""
        names = {one.id: name for name, one in self.types.items()}
        found = reads.query(TASK, keys.home_of_owner(self.project.id), "entity_id", ("^", f"{entity.id}#"))
        return {names[one["task_type_id"]]: one for one in found}

    def everything(self) -> list[Any]:
        """All items of the production that an import may write."""
        home = keys.home_of_owner(self.project.id)
        tables = ("entity", "task", "comment", "entity_link", "guard", "news")
        return [row for table in tables for row in reads.rows(f"{home}#{table}")]


class Importer(People):
    """The routes of imports and exports, asked by any of the people; `calls` are those of the last request."""

    stage: Importing

    def __init__(self, stage: Importing) -> None:
        super().__init__(stage, "imports", [csv_imports.area, exports.area])

    def send(self, what: str, rows: Rows | bytes, user: str = "manager", **query: Any) -> Any:
        """Imports into the production of the stage: `assets`, `shots`, `edits`, `casting`."""
        return send(self, f"/import/csv/projects/{self.stage.project.id}/{what}", rows, user, **query)
