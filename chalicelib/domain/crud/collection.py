"""One collection of generic records: list, read, create, change, delete (docs/contract/production.md sections 2 and 3).

A kind's own rules are methods of its subclass, which stands in the area the kind belongs to; this base knows no kind.
"""

import builtins
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud import references
from chalicelib.domain.crud.lookup import records_of, within
from chalicelib.domain.crud.pagination import Paging, answered, truth
from chalicelib.domain.dependents import protection, removal
from chalicelib.events.journal import emit_for
from chalicelib.records import filters
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record, plain, related
from chalicelib.records.validation import change_values, creation_values
from chalicelib.store import homes, reads, reference
from chalicelib.store.changes import Changes, write


class Collection:
    """The records of one kind. Everything is for admins alone unless a subclass says otherwise."""

    kind: Kind
    # Whether answers to a write carry the lists of ids.
    writes_show_relations = False
    # Whether lists of others than admins leave closed productions out.
    open_only = True
    # Whether an id that is none is refused by 400 or not found (404) when one record is read.
    malformed_read = 400
    # Fields that do something when a change names them, even with the value they have.
    acting: tuple[str, ...] = ()

    # -- who may what ------------------------------------------------------------------------------------------------
    def may_list(self, caller: Caller) -> None:
        """Raises Forbidden unless the caller may list."""
        checks.administer(caller)

    def may_read(self, caller: Caller, record: Record) -> None:
        """Raises Forbidden unless the caller may read that record."""
        del record
        checks.administer(caller)

    def may_create(self, caller: Caller, values: Mapping[str, Any]) -> None:
        """Raises Forbidden unless the caller may create; `values` is the body as sent."""
        del values
        checks.administer(caller)

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Raises Forbidden unless the caller may change these fields of that record."""
        del record, values
        checks.administer(caller)

    def may_delete(self, caller: Caller, record: Record) -> None:
        """Raises Forbidden unless the caller may delete that record."""
        del record
        checks.administer(caller)

    def visible(self, caller: Caller, records: Iterable[Record]) -> Iterable[Record]:
        """Those of the records that a list may show the caller; what a list reads is of their productions already."""
        del caller
        return records

    # -- a kind's own rules ------------------------------------------------------------------------------------------
    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """The values of a new record, validated; raises Invalid where a rule of the kind is broken."""
        del caller
        return values

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """The values a change writes, validated; raises Invalid where a rule of the kind is broken."""
        del caller, record
        return values

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """What else a creation writes: its event, and what follows from it."""
        del caller
        emit_for(changes, record, "new")

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """What else a change writes."""
        del caller, old
        emit_for(changes, new, "update")

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """What else a deletion writes."""
        del caller
        emit_for(changes, record, "delete")

    def refuse_delete(self, record: Record, force: bool) -> None:
        """Raises StillReferenced where the record has to stay."""
        del force
        protection.refuse_if_referenced(record)

    def take_along(self, record: Record) -> None:
        """Takes away what goes along with a record by itself, before it goes: rows that somebody's look made, say."""
        removal.clear_at_once([record], chosen=lambda relation: not relation.protects)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """The answer of a record for that caller."""
        del caller
        return related(record) if relations else plain(record)

    def rows(self, caller: Caller, records: builtins.list[Record], relations: bool) -> Any:
        """The answers of the records of a list; a kind that needs other records reads them here, all at once."""
        return [self.show(caller, record, relations) for record in records]

    def show_written(self, caller: Caller, record: Record) -> Any:
        """The answer to a creation or a change."""
        return self.show(caller, record, self.writes_show_relations)

    # -- the five routes ---------------------------------------------------------------------------------------------
    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The list, or a page of it (section 2.1)."""
        self.may_list(caller)
        wanted = filters.parse(self.kind, query)
        paging = Paging.of(query)
        projects = checks.projects_of(caller, open_only=self.open_only and not caller.is_admin)
        found = records_of(self.kind, wanted, projects, caller.is_admin, paging.page is not None)
        seen = builtins.list(self.visible(caller, found if caller.is_admin else within(self.kind, found, projects)))
        if self.kind.reference:
            # Clients take the first one of a list for the default: so it is the same in every container.
            seen.sort(key=lambda record: (record["created_at"] or "", record.id))
        relations = truth(query, "relations")
        return answered(seen, paging, lambda part: self.rows(caller, builtins.list(part), relations))

    def read(self, caller: Caller, record: Record, query: Mapping[str, str]) -> Any:
        """One record (section 2.2)."""
        self.may_read(caller, record)
        return self.show(caller, record, truth(query, "relations", default=True))

    def create(self, caller: Caller, body: Mapping[str, Any]) -> Record:
        """A new record (section 2.3)."""
        self.may_create(caller, body)
        values = self.new_values(caller, references.resolve(self.kind, creation_values(self.kind, body)))
        references.refuse_strangers(self.kind, values, homes.of(self.kind, values))

        def command(changes: Changes) -> Record:
            record = changes.create(self.kind, values)
            self.created(changes, caller, record)
            return record

        return write(command)

    def change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Record:
        """A record with other values (section 2.4); what a body repeats of the record is no change."""
        body = {**references.meant(record, body), **{name: body[name] for name in self.acting if name in body}}
        self.may_change(caller, record, body)
        given = references.resolve(self.kind, change_values(self.kind, body))

        def command(changes: Changes) -> Record:
            old = changes.read(self.kind, record.id)
            values = self.changed_values(caller, old, given)
            references.refuse_to_leave(old, values)
            new = changes.update(old, **values)
            self.changed(changes, caller, old, new)
            return new

        return write(command)

    def answer_create(self, caller: Caller, body: Mapping[str, Any]) -> Any:
        """A new record, as the route answers it."""
        return self.show_written(caller, self.create(caller, body))

    def answer_change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Any:
        """A changed record, as the route answers it."""
        return self.show_written(caller, self.change(caller, record, body))

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Takes a record away (section 2.5)."""
        self.may_delete(caller, record)
        force = truth(query, "force")

        def look(current: Record) -> None:
            self.refuse_delete(current, force)
            self.take_along(current)

        protection.delete_unnamed(record, look, lambda changes, current: self.deleted(changes, caller, current))

    def find(self, record_id: str) -> Record | None:
        """The record with this id, or None."""
        return reference.find(self.kind, record_id) if self.kind.reference else reads.find(self.kind, record_id)


class StudioCollection(Collection):
    """A kind of the studio: read by everyone who is signed in, written by admins (section 10)."""

    def may_list(self, caller: Caller) -> None:
        """Everyone."""

    def may_read(self, caller: Caller, record: Record) -> None:
        """Everyone."""
