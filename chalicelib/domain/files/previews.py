"""Preview files: making their rows, ordering them, taking them away (docs/contract/files.md 6.2, 6.5, 6.8)."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.commands import Known
from chalicelib.domain.counters import main_previews
from chalicelib.domain.counters.main_previews import of_task
from chalicelib.domain.dependents import lookup, removal
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.media import keys
from chalicelib.records import relations
from chalicelib.records.files import PLAYLIST, PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS, TASK
from chalicelib.store import homes, objects, reads
from chalicelib.store.changes import Changes, write

SOURCE: Final = "webgui"


def latest_first(previews: Iterable[Record]) -> list[Record]:
    """The order of lists: the highest revision first, inside one by position."""
    return sorted(previews, key=lambda one: (-(one["revision"] or 0), one["position"] or 0, one["created_at"]))


def add(caller: Caller, task: Record, comment_id: str, revision: int | None = None) -> Record:
    """A new preview file on a comment, without a file yet.

    Without a revision it joins the files of the comment, or opens the next revision of the task; with one it becomes
    the next file of that revision. Errors: NotFound for an unknown comment, Invalid for a negative revision.
    """
    if revision is not None and revision < 0:
        raise Invalid("A revision is no negative number.", "revision", "a whole number")

    known = Known(task)

    def command(changes: Changes) -> Record:
        # Read first and written as it is: of two previews at once, one has to begin again and gets another place.
        current = known.read(changes)
        changes.update(current, updated_at=current["updated_at"])
        comment, siblings, told_by = _around(task, comment_id)
        if comment["object_id"] != task.id:
            # A right on one task opens no comment of another; none of another production is below this one.
            other = reads.find(TASK, comment["object_id"])
            if other is None or other["project_id"] != current["project_id"]:
                raise NotFound("The task has no such comment.", {"id": comment_id})
            checks.act_on_task(caller, other)
        chosen, position = _place(siblings, comment, revision)
        preview = changes.create(PREVIEW_FILE, _values(caller, task, comment, chosen, position))
        changes.update(comment, previews=[*comment["previews"], preview.id], updated_at=comment["updated_at"])
        for one in told_by:
            changes.update(one, preview_file_id=preview.id, updated_at=one["updated_at"])
        payload = {"preview_file_id": preview.id, "comment_id": comment.id}
        emit(changes, "preview-file:new", task["project_id"], **payload)
        emit(changes, "comment:update", task["project_id"], comment_id=comment.id)
        return preview

    return write(command)


def add_beside(caller: Caller, task: Record, comment_id: str, other_id: str) -> Record:
    """One more preview file on a comment, in the revision of another; NotFound for an unknown one."""
    other = reads.get(PREVIEW_FILE, other_id)
    if other["task_id"] != task.id:
        raise NotFound(f"The task has no preview file with the id {other_id!r}.", {"id": other_id})
    return add(caller, task, comment_id, other["revision"])


def _around(task: Record, comment_id: str) -> tuple[Record, list[Record], list[Record]]:
    """The comment, the previews of the task, and the news of the comment: read side by side."""
    home = homes.of(NEWS, {"task_id": task.id})
    queries: list[Callable[[], list[Record]]] = [
        lambda: [reads.get(COMMENT, comment_id)],
        partial(of_task, task.id),
        partial(reads.query, NEWS, home, "task_id", ("^", f"{task.id}#")),
    ]
    (comment,), siblings, news = reads.parallel(queries)
    return comment, siblings, [one for one in news if one["comment_id"] == comment.id]


def _place(siblings: Sequence[Record], comment: Record, revision: int | None) -> tuple[int, int]:
    """Revision and position of a new preview (section 6.2)."""
    on_comment = set(comment["previews"])
    if not revision:
        own = next((one for one in siblings if one.id in on_comment), None)
        highest = max((one["revision"] or 0 for one in siblings), default=0)
        revision = own["revision"] if own else highest + 1
    return revision, 1 + sum(one["revision"] == revision for one in siblings)


def _values(caller: Caller, task: Record, comment: Record, revision: int, position: int) -> dict[str, object]:
    return {
        "name": secrets.token_hex(7),
        "revision": revision,
        "position": position,
        "extension": "mp4",
        "source": SOURCE,
        "task_id": task.id,
        "person_id": caller.id,
        "comments": [comment.id],
    }


def move(preview: Record, position: int | None) -> list[Record]:
    """Puts a preview at a position of its revision, the others around it; all files of the revision, in order.

    A position that is none of the revision's changes nothing (section 6.5).
    """

    def command(changes: Changes) -> list[Record]:
        files = of_task(preview["task_id"])
        current = next((one for one in files if one.id == preview.id), None)
        if current is None:
            raise NotFound("This preview file is gone.", {"id": preview.id})
        same = [one for one in files if one["revision"] == current["revision"]]
        ordered = sorted(same, key=lambda one: (one["position"] or 0, one["created_at"]))
        if position is None or not 1 <= position <= len(ordered):
            return ordered
        ordered = [one for one in ordered if one.id != current.id]
        ordered.insert(position - 1, current)
        moved = [
            one if one["position"] == place else changes.update(one, position=place)
            for place, one in enumerate(ordered, 1)
        ]
        if moved != ordered:
            # One for the revision, however many files it has.
            emit(changes, "preview-file:update", _project_id(current), preview_file_id=current.id)
        return moved

    return write(command)


def remove_from(task: Record, comment_id: str, preview_id: str) -> None:
    """Takes a preview off a comment and away; NotFound where the comment has no such preview."""
    preview = reads.get(PREVIEW_FILE, preview_id)
    if preview["task_id"] != task.id or comment_id.lower() not in preview["comments"]:
        raise NotFound("The comment has no such preview file.", {"id": preview_id})
    remove(preview)


def remove(preview: Record) -> None:
    """Takes a preview away, with its stored files."""

    def command(changes: Changes) -> None:
        remove_previews(changes, [changes.read(PREVIEW_FILE, preview.id)])

    write(command)


def remove_previews(changes: Changes, previews: Sequence[Record], with_comments: bool = False) -> None:
    """Adds the removal of previews to a command; their stored objects go once it has held (section 6.8).

    Comments, news, task and entity let go of them; the task falls back to the newest in first position that is left.
    A preview is up to five items of the transaction (25 a command are safe); the records must be fresh.
    with_comments: their comments and the news of these go in the same command, and are left alone here.
    """
    gone = {preview.id for preview in previews}
    for preview in previews:
        project_id = _project_id(preview)
        changes.delete(preview)
        emit(changes, "preview-file:delete", project_id, preview, preview_file_id=preview.id)
    if not with_comments:
        _leave_comments(changes, {one for preview in previews for one in preview["comments"]}, gone)
    for task_id in {preview["task_id"] for preview in previews if preview["task_id"]}:
        main_previews.fall_back(changes, task_id, gone)
    changes.afterwards(partial(objects.discard, [key for one in previews for key in keys.of_file(one)]))
    removal.clear_after(changes, previews, only=PLAYLIST.table)


def _project_id(preview: Record) -> str | None:
    task = reads.find(TASK, preview["task_id"] or "")
    return task["project_id"] if task else None


def _leave_comments(changes: Changes, comment_ids: Iterable[str], gone: set[str]) -> None:
    for comment in reads.get_many(COMMENT, comment_ids):
        current = changes.read(COMMENT, comment.id)
        values = relations.letting_go(current, COMMENT, PREVIEW_FILE.table, gone)
        changes.update(current, **values, updated_at=current["updated_at"])
        for one in lookup.of(comment, NEWS):
            if one["preview_file_id"] in gone:
                changes.update(one, preview_file_id=None, updated_at=one["updated_at"])
