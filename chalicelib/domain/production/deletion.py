"""The end of a production: a job that may be cut off and taken up again (docs/contract/production.md 4.5).

One transaction takes the production itself away and leaves a mark, so that from then on nobody sees it or anything of
it and its name is free. Then everything it held goes, in batches; last goes the mark (domain/jobs/deletions.py).
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from chalicelib.domain.dependents import productions, protection, removal, stored_objects
from chalicelib.domain.jobs import deletions
from chalicelib.domain.production.project_events import emit_project_event
from chalicelib.errors import StillReferenced
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import keys, objects, reference
from chalicelib.store.changes import Changes, write

_FILTERS_A_WRITE: Final = 25


def delete_project(project: Record, force: bool) -> None:
    """Deletes a production; without `force` raises StillReferenced where anything but its settings points at it."""
    if not force:
        _refuse_if_used(project)
    resume(write(partial(_mark, project_id=project.id)), deletions.SECONDS_OF_A_REQUEST)


def resume(mark: Record, seconds: float) -> None:
    """Goes on with the deletion of a production for so long."""
    deletions.proceed(mark, _pieces(mark), lambda _: None, seconds)


def _mark(changes: Changes, project_id: str) -> Record:
    project = changes.read(PROJECT, project_id)
    changes.delete(project)
    emit_project_event(changes, project, "delete")
    return deletions.begin(changes, project)


def _pieces(mark: Record) -> Iterator[int]:
    """The work, in pieces of a second or so; each tells how many records went."""
    project_id = mark["record_id"]
    if reference.find(PROJECT, project_id) is not None:
        return  # It was imported again under its old id: what is there now belongs to that one.
    yield from _grouped_filters(project_id)
    project = Record(PROJECT, {"id": project_id, "has_avatar": mark["has_avatar"]}, home=STUDIO)
    yield from productions.clear(project)
    objects.discard(stored_objects.of(project))


def _grouped_filters(project_id: str) -> Iterator[int]:
    """The filters inside its groups go with these, whatever they are of; elsewhere filters outlive a group."""
    groups = {one.id for one in reference.every(SEARCH_FILTER_GROUP).values() if one["project_id"] == project_id}
    found = [one for one in reference.every(SEARCH_FILTER).values() if one["search_filter_group_id"] in groups]
    for start in range(0, len(found), _FILTERS_A_WRITE):
        part = found[start : start + _FILTERS_A_WRITE]
        write(partial(removal.delete_those_left, records=part))
        yield len(part)


def _refuse_if_used(project: Record) -> None:
    holding = productions.inhabited(keys.home_of_owner(project.id))
    holding += protection.holding_in_the_studio(project)
    if holding:
        names = ", ".join(sorted(kind.name for kind in holding))
        raise StillReferenced(f"This production still holds: {names}.", "force", "force=true to delete all of it")
