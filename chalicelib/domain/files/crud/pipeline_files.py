"""The generic CRUD of working files and output files (docs/contract/files.md sections 4 and 5.3)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib.access import checks, files
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.dependents import stored_objects
from chalicelib.errors import Forbidden, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.files import OUTPUT_FILE, WORKING_FILE
from chalicelib.records.record import Record, plain, shown
from chalicelib.store import homes, objects, reads
from chalicelib.store.changes import Changes


class WorkingFiles(Collection):
    """`/data/working-files`: not for vendors; with `outputs`, the output files made from one."""

    kind = WORKING_FILE
    malformed_read = 404
    open_only = False

    def may_list(self, caller: Caller) -> None:
        """All but vendors."""
        checks.not_vendor(caller)

    def may_read(self, caller: Caller, record: Record) -> None:
        """Who may read the task."""
        files.see_working_file(caller, record)

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Who may act on the task."""
        del values
        files.act_on_working_file(caller, record)

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event; what is in it goes, too."""
        super().deleted(changes, caller, record)
        changes.afterwards(partial(objects.discard, stored_objects.of(record)))

    def rows(self, caller: Caller, records: list[Record], relations: bool) -> list[Any]:
        """With relations, `outputs` of each, read side by side."""
        del caller
        return with_outputs(records) if relations else [plain(record) for record in records]

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """With relations, `outputs`."""
        return self.rows(caller, [record], relations)[0]


def with_outputs(records: list[Record]) -> list[dict[str, Any]]:
    """Working files with the ids of the output files made from each (a query a file, side by side)."""
    queries = [
        partial(reads.query, OUTPUT_FILE, homes.of(WORKING_FILE, record), "source_file_id", ("=", record.id))
        for record in records
    ]
    made = reads.parallel(queries)
    return [shown(record, outputs=[one.id for one in outputs]) for record, outputs in zip(records, made, strict=True)]


class OutputFiles(Collection):
    """`/data/output-files`: not for vendors in lists; each with the row of the working file it was made from."""

    kind = OUTPUT_FILE
    malformed_read = 404

    def may_list(self, caller: Caller) -> None:
        """All but vendors."""
        checks.not_vendor(caller)

    def may_read(self, caller: Caller, record: Record) -> None:
        """The team; a vendor needs a task on the entity."""
        checks.see_entity(caller, _owning(record))

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Managers of the team, and who has a task on the temporal entity, else on the entity."""
        del values
        checks.see_project(caller, checks.project_of(_owning(record)))
        worked_on = record["temporal_entity_id"] or record["entity_id"]
        if not caller.is_manager and worked_on not in checks.assigned_entities(caller):
            raise Forbidden("None of your tasks is on this entity.")

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event."""
        del caller
        self._tell(changes, record, "new")

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Its event."""
        del caller, old
        self._tell(changes, new, "update")

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event."""
        del caller
        self._tell(changes, record, "delete")

    @staticmethod
    def _tell(changes: Changes, record: Record, verb: str) -> None:
        entity = files.entity_of(record)
        project_id = entity["project_id"] if entity else None
        emit(changes, f"output-file:{verb}", project_id, record, output_file_id=record.id)

    def rows(self, caller: Caller, records: list[Record], relations: bool) -> list[Any]:
        """Each with its working file."""
        del caller, relations
        return with_sources(records)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """With its working file."""
        return self.rows(caller, [record], relations)[0]


def _owning(record: Record) -> Record:
    entity = files.entity_of(record)
    if entity is None:
        raise NotFound("This file belongs to no entity any more.", {"id": record.id})
    return entity


def with_sources(records: list[Record]) -> list[Any]:
    """Output files with the rows of the working files they were made from; one read a hundred."""
    wanted = {record["source_file_id"] for record in records if record["source_file_id"]}
    sources = {found.id: plain(found) for found in reads.get_many(WORKING_FILE, wanted)} if wanted else {}
    return [shown(record, source_file=sources.get(record["source_file_id"])) for record in records]
