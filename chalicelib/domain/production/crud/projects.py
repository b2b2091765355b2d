"""The generic CRUD of productions: their creation, change and end (docs/contract/production.md section 4)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.production import deletion, episodes
from chalicelib.domain.production.project_events import emit_project_event
from chalicelib.domain.production.projects import open_status, status_name
from chalicelib.domain.workflow import entity_types, project_links
from chalicelib.errors import Invalid
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain, shown
from chalicelib.store.changes import Changes

_FIRST_EPISODE: Final = "E01"
# What an episode is called that is made because a production became a show: so it is recorded in the contract.
_FIRST_EPISODE_LATER: Final = "running"


class Projects(Collection):
    """`/data/projects`."""

    kind = PROJECT

    def may_list(self, caller: Caller) -> None:
        """Everyone; `visible` tells what of it."""

    def may_read(self, caller: Caller, record: Record) -> None:
        """Project access."""
        checks.see_project(caller, record)

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """The manager of the project."""
        del values
        checks.manage_project(caller, record)

    def visible(self, caller: Caller, records: Iterable[Record]) -> Iterable[Record]:
        """Admins see all, others the open ones whose team they are in."""
        if caller.is_admin:
            return records
        return [one for one in records if caller.in_team(one) and checks.is_open(one)]

    def read(self, caller: Caller, record: Record, query: Mapping[str, str]) -> Any:
        """A production, with the name of its status."""
        self.may_read(caller, record)
        return shown(record, truth(query, "relations", default=True), project_status_name=status_name(record))

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """A production is open unless told otherwise."""
        del caller
        if values.get("production_type") == "tvshow":
            entity_types.temporal("Episode")
        return {"project_status_id": open_status().id, **values}

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event; a show gets its first episode."""
        emit_project_event(changes, record, "new")
        if episodes.is_show(record):
            episodes.make_first(changes, caller, record, _FIRST_EPISODE)

    def change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Record:
        """A production with other values; `production_style` null is its default."""
        if body.get("production_style", "") is None:
            body = {**body, "production_style": PROJECT.by_name["production_style"].default}
        if body.get("production_type") == "tvshow":
            entity_types.temporal("Episode")
        changed = super().change(caller, record, body)
        project_links.drop_rest(changed)
        return changed

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Its event; what is said of types that are no longer set goes; a show without episodes gets one."""
        del old
        emit_project_event(changes, new, "update")
        project_links.drop(changes, new)
        if episodes.is_show(new) and episodes.first_episode_id(new.id) is None:
            episodes.make_first(changes, caller, new, _FIRST_EPISODE_LATER)

    def show_written(self, caller: Caller, record: Record) -> Any:
        """The production, a show with its first episode."""
        del caller
        if not episodes.is_show(record):
            return plain(record)
        return shown(record, first_episode_id=episodes.first_episode_id(record.id))

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Ends a production (section 4.5): while it is open nobody may, afterwards admins."""
        if checks.is_open(record):
            raise Invalid(
                "An open production cannot be deleted: close it first.", "project_status_id", "a closed status"
            )
        self.may_delete(caller, record)
        deletion.delete_project(record, force=truth(query, "force"))
