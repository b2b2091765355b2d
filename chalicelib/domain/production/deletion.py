"""The end of a production: a job that may be cut off and taken up again (docs/contract/production.md 4.5).

One transaction takes the production itself away and leaves a mark, so that from then on nobody sees it or anything of
it and its name is free. Then everything it held goes, in batches; last goes the mark (domain/jobs/deletions.py).
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from chalicelib.domain.jobs import deletions
from chalicelib.domain.notifications import lookup as notifications
from chalicelib.domain.production import shared_asset_castings, stored_files
from chalicelib.domain.production.project_events import emit_project_event
from chalicelib.errors import StillReferenced
from chalicelib.records.fields import Kind
from chalicelib.records.people import SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.production import PROJECT, PROJECT_TASK_STATUS_LINK, PROJECT_TASK_TYPE_LINK
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import bulk_deletion, keys, reads, reference
from chalicelib.store.changes import Changes, write

_RECORDS_A_WRITE: Final = 25
_RECORDS_A_PIECE: Final = 1000
_OWN_SETTINGS: Final = (PROJECT_TASK_TYPE_LINK, PROJECT_TASK_STATUS_LINK)


def kinds_at_home() -> list[Kind]:
    """The kinds whose records live in the home of a production."""
    return [kind for kind in KINDS.values() if kind.home.beside or "project_id" in kind.home.owners]


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
    emit_project_event(changes, project_id, "delete")
    return deletions.begin(changes, project)


def _pieces(mark: Record) -> Iterator[int]:
    """The work, in pieces of a second or so; each tells how many records went."""
    project_id = mark["record_id"]
    if reference.find(PROJECT, project_id) is not None:
        return  # It was imported again under its old id: what is there now belongs to that one.
    home = keys.home_of_owner(project_id)
    yield from _studio_records(project_id)
    yield from _notifications(home)
    yield from shared_asset_castings.remove(home)
    if mark["has_avatar"]:
        stored_files.delete_picture(project_id)
    gone = 1
    while gone:
        # Looked at until it stays empty: requests that ran meanwhile may have written behind us.
        gone = 0
        for kind in _inhabited(home):
            for count in bulk_deletion.empty(kind, home, stored_files.of_kind(kind)):
                gone += count
                yield count
    yield from bulk_deletion.drop_guards(home)


def _studio_records(project_id: str) -> Iterator[int]:
    """What of it lives in the studio: links, descriptors, filters and their groups."""
    kinds = [kind for kind in KINDS.values() if kind.reference and "project_id" in kind.by_name]
    found = [one for kind in kinds for one in reference.every(kind).values() if one["project_id"] == project_id]
    groups = {one.id for one in found if one.kind is SEARCH_FILTER_GROUP}
    filters = reference.every(SEARCH_FILTER).values()
    found += [one for one in filters if one["search_filter_group_id"] in groups and one["project_id"] != project_id]
    for start in range(0, len(found), _RECORDS_A_WRITE):
        part = found[start : start + _RECORDS_A_WRITE]
        write(partial(_delete_those_left, records=part))
        yield len(part)


def _delete_those_left(changes: Changes, records: list[Record]) -> None:
    for record in records:
        now = reference.find(record.kind, record.id)
        if now is not None:
            changes.delete(now)


def _notifications(home: str) -> Iterator[int]:
    """What persons were told of its tasks."""
    for told in notifications.of_production(home):
        for first in range(0, len(told), _RECORDS_A_PIECE):
            part = told[first : first + _RECORDS_A_PIECE]
            bulk_deletion.remove(part)
            yield len(part)


def _inhabited(home: str) -> list[Kind]:
    """The kinds of which the home holds records."""
    kinds = kinds_at_home()
    found = reads.parallel([partial(_holds_records, kind, home) for kind in kinds])
    return [kind for kind, holds in zip(kinds, found, strict=True) if holds]


def _holds_records(kind: Kind, home: str) -> bool:
    return any(row.doc is not None for page in reads.pages(keys.partition(home, kind)) for row in page)


def _refuse_if_used(project: Record) -> None:
    holding = [kind.name for kind in _inhabited(keys.home_of_owner(project.id))]
    holding += [
        kind.name
        for kind in KINDS.values()
        if kind.reference
        and kind not in _OWN_SETTINGS
        and "project_id" in kind.by_name
        and any(one["project_id"] == project.id for one in reference.every(kind).values())
    ]
    if holding:
        names = ", ".join(sorted(holding))
        raise StillReferenced(f"This production still holds: {names}.", "force", "force=true to delete all of it")
