"""The generic CRUD of entities and of what links them (docs/contract/entities.md section 6)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.entities import projects_worked_on
from chalicelib.domain.counters import readiness
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.crud.pagination import Paging, answered, truth
from chalicelib.domain.entities import castable, casting_links, deletion, lists, lookup, relations, update
from chalicelib.domain.entities.kinds import ASSET
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Forbidden
from chalicelib.records import filters
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY, ENTITY_LINK
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain, shown
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes


class Entities(Collection):
    """`/data/entities`."""

    kind = ENTITY

    def may_list(self, caller: Caller) -> None:
        """Everyone; what they see is their open productions', vendors what is assigned to them."""

    def may_read(self, caller: Caller, record: Record) -> None:
        """Project access and entity access."""
        checks.see_entity(caller, record)

    def may_create(self, caller: Caller, values: Mapping[str, Any]) -> None:
        """The manager of the project that the body names."""
        checks.manage(caller)
        project = reference.find(PROJECT, str(values.get("project_id") or ""))
        if project is not None:
            checks.manage_project(caller, project)

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """See `changing.may_change`."""
        update.may_change(caller, record, values)

    def may_delete(self, caller: Caller, record: Record) -> None:
        """The creator in the team, the manager of the project."""
        checks.create_or_remove_entity(caller, record)

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The list, or a page of it; `name` takes wildcards."""
        projects = checks.projects_of(caller, open_only=not caller.is_admin)
        found = lookup.entities(filters.parse(ENTITY, query, wildcards=True), projects)
        if caller.is_vendor:
            # All of a production where they have a task: this list tells them more than any other (golden record).
            known = projects_worked_on(caller)
            found = [entity for entity in found if entity["project_id"] in known]
        related = truth(query, "relations")
        return answered(
            found, Paging.of(query), lambda part: lists.rows(part, relations.of_many(part) if related else None)
        )

    def create(self, caller: Caller, body: Mapping[str, Any]) -> Record:
        """A new entity; whoever the body says made it, it is the caller."""
        return super().create(caller, {name: value for name, value in body.items() if name != "created_by"})

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """Of one production, made by the caller, of the type of its kind."""
        kind_name = entity_types.kind_name(values["entity_type_id"])
        return {**values, "created_by": caller.id, "type": kind_name}

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """The event of its kind."""
        del caller
        update.emit_entity_event(changes, record, "new")

    def change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Record:
        """An entity with other values; where an asset gets ready for something else, its shots count anew."""
        self.may_change(caller, record, body)
        changed = update.change(caller, record, body)
        if ASSET.is_of(changed) and changed["ready_for"] != record["ready_for"]:
            readiness.recount_where_cast(changed)
        return changed

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Takes an entity away, with its links; StillReferenced where something else points at it."""
        del query
        self.may_delete(caller, record)
        deletion.remove_unused(record)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """The answer to a read."""
        return _related(caller, record) if relations else plain(record)

    def answer_create(self, caller: Caller, body: Mapping[str, Any]) -> Any:
        """The new entity, of the type `Entity`."""
        return shown(self.create(caller, body), type=ENTITY.name)

    def answer_change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Any:
        """The changed entity with its lists of ids."""
        return _related(caller, self.change(caller, record, body))


def _related(caller: Caller, entity: Record) -> dict[str, Any]:
    return shown(entity, relations=True, **relations.of(caller, entity))


class EntityLinks(Collection):
    """`/data/entity-links/`: plain rows, without the effects of a casting; for admins."""

    kind = ENTITY_LINK

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event, tied to the production of what casts."""
        del caller
        _note_cast_elsewhere(changes, record)
        casting_links.emit_link_event(changes, record, "new", "entity_in_id", "entity_out_id", "nb_occurences")
        casting_links.recount_readiness(changes, record)

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Its event."""
        del caller
        _note_cast_elsewhere(changes, new)
        casting_links.emit_link_event(changes, new, "update", "nb_occurences")
        for link in (old, new):
            casting_links.recount_readiness(changes, link)

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event."""
        del caller
        casting_links.emit_link_event(changes, record, "delete")
        casting_links.recount_readiness(changes, record)


def _note_cast_elsewhere(changes: Changes, link: Record) -> None:
    entity, asset = (changes.read(ENTITY, link[end]) for end in ("entity_in_id", "entity_out_id"))
    castable.note_cast_elsewhere(changes, entity, asset)


class AssetInstances(Collection):
    """`/data/asset-instances/`: read and changed by whoever has access to the asset; its number never changes."""

    kind = ASSET_INSTANCE

    def may_read(self, caller: Caller, record: Record) -> None:
        """Project access and entity access of its asset."""
        checks.see_entity(caller, self._asset(record))

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """As for reading."""
        del values
        self.may_read(caller, record)

    @staticmethod
    def _asset(record: Record) -> Record:
        asset = reads.find(ENTITY, record["asset_id"])
        if asset is None:
            raise Forbidden("The asset of this instance is gone.")
        return asset


COLLECTIONS: Final[tuple[Collection, ...]] = (Entities(), EntityLinks(), AssetInstances())
