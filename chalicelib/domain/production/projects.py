"""Productions: who sees which (docs/contract/production.md section 4)."""

from collections.abc import Iterable
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit_for
from chalicelib.records import names
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.record import Record, plain, shown
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write


def all_projects(caller: Caller, name: str | None) -> list[Any]:
    """The productions a caller may know of, open or not, by name; for admins with the name of their status.

    name: only those of that name, whatever its case; NotFound for admins where there is none (section 4.2).
    """
    found = by_name(checks.projects_of(caller, open_only=False))
    if name is not None:
        found = [project for project in found if names.folded(project["name"]) == names.folded(name)]
        if not found and caller.is_admin:
            raise NotFound(f"There is no production named {name!r}.", {"name": name})
    if not caller.is_admin:
        return [plain(project) for project in found]
    return [shown(project, project_status_name=status_name(project)) for project in found]


def by_name(projects: Iterable[Record]) -> list[Record]:
    """Productions in the order of their names."""
    return sorted(projects, key=lambda project: (project["name"].casefold(), project.id))


def status_name(project: Record) -> str | None:
    """The name of a production's status."""
    status = reference.find(PROJECT_STATUS, project["project_status_id"])
    return status["name"] if status else None


def open_status() -> Record:
    """The project status `Open`, made where there is none."""
    return reference.named(PROJECT_STATUS, "Open") or write(_make_open_status)


def _make_open_status(changes: Changes) -> Record:
    holder = reads.holder(PROJECT_STATUS, STUDIO, ("name",), {"name": "Open"})
    if holder is not None:
        return changes.read(PROJECT_STATUS, holder)
    status = changes.create(PROJECT_STATUS, {"name": "Open", "color": "#000000"})
    emit_for(changes, status, "new")
    return status
