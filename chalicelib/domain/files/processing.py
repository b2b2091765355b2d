"""The way of a preview from `processing` to `ready` or `broken`, whoever does the work (docs/contract/files.md 6.3).

Requests and queue functions may work on one preview at once, or twice: an upload claims the preview by its key in the
kept field `upload`, and every step asks whether that claim still holds.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib.domain.commands import Known, found
from chalicelib.domain.files import formats, main_preview, storage
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.media import keys
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import objects, reads
from chalicelib.store.changes import Changes, write


class Taken(Invalid):
    """A preview file is uploaded once; another upload has it (400)."""


def require_free(preview: Record) -> None:
    """Raises Taken where a file was sent already."""
    if preview["original_name"] is not None:
        raise Taken("A file was uploaded for this preview already; add another preview.")


def _require_claim(preview: Record, upload_key: str | None) -> None:
    """Raises Taken where another upload has the preview; None stands for a request that brings its file along."""
    if upload_key is None:
        require_free(preview)
    elif (preview.get("upload") or {}).get("key") != upload_key:
        raise Taken("Another upload has this preview.")


def offer(preview_id: str, upload: Mapping[str, Any]) -> Record:
    """Notes an upload that was begun; the preview stays free until the file is there."""

    def command(changes: Changes) -> Record:
        preview = changes.read(PREVIEW_FILE, preview_id)
        require_free(preview)
        return changes.update(preview, upload=dict(upload), updated_at=preview["updated_at"])

    return write(command)


def claim(preview_id: str, upload: Mapping[str, Any]) -> Record:
    """Gives a preview to an upload whose file is stored; nothing changes where the work is under way or done."""

    def command(changes: Changes) -> Record:
        preview = changes.read(PREVIEW_FILE, preview_id)
        if preview["original_name"] is not None:
            if (preview.get("upload") or upload)["key"] != upload["key"]:
                raise Taken("Another upload has this preview.")
            return preview
        name = formats.parse(upload["filename"])
        values = {"original_name": name.original, "extension": name.kept_as, "status": "processing", "failure": None}
        return changes.update(preview, upload=dict(upload), **values)

    return write(command)


def begin(preview_id: str, upload_key: str) -> Record:
    """A piece of work begins: claims the preview if the request has not yet, and counts the attempt.

    Errors: NotFound for a preview that is gone, Taken where another upload has it or the work is done.
    """

    def command(changes: Changes) -> Record:
        preview = changes.read(PREVIEW_FILE, preview_id)
        told = keys.uploaded(upload_key)
        upload = preview.get("upload")
        if upload is None and preview["original_name"] is None and told is not None:
            upload = {"key": upload_key, "filename": told[1]}
        if upload is None or upload["key"] != upload_key:
            raise Taken("Another upload has this preview, or it is done.")
        name = formats.parse(upload["filename"])
        counted = {**upload, "attempts": upload.get("attempts", 0) + 1}
        values = {"original_name": name.original, "extension": name.kept_as, "status": "processing", "failure": None}
        return changes.update(preview, upload=counted, **values)

    return write(command)


def make_ready(preview: Record, upload_key: str | None, made: keys.Generation, values: Mapping[str, Any]) -> Record:
    """The work is done: the preview is ready, its task and entity may show it, everybody is told.

    made: what was stored; values: what the work found out (`width`, `file_size`, …). Raises Taken where another upload
    was first, NotFound for a preview that is gone.
    """
    known = Known(preview)

    def command(changes: Changes) -> Record:
        current = known.read(changes)
        _require_claim(current, upload_key)
        upload = current.get("upload") or {}
        done = {"status": "ready", "stored": made.onto(None), "upload": None, "failure": None}
        ready = changes.update(current, **values, **done)
        task = found(changes, TASK, current["task_id"])
        _announce(changes, ready, task, upload.get("person_id"))
        if task is not None:
            main_preview.become_last(changes, ready, task)
        leftover = [*keys.of_stored(current.get("stored")), *([upload["key"]] if upload else [])]
        changes.afterwards(partial(objects.discard, leftover))
        return ready

    return write(command, undo=partial(objects.discard, made.keys))


def add_files(preview_id: str, made: keys.Generation) -> Record:
    """Files of a ready preview were made anew: they take the place of the old ones, everybody is told."""

    def command(changes: Changes) -> Record:
        preview = changes.read(PREVIEW_FILE, preview_id)
        stored = made.onto(preview.get("stored"))
        changes.afterwards(partial(objects.discard, storage.replaced(preview.get("stored"), stored)))
        changed = changes.update(preview, stored=stored)
        _tell(changes, changed)
        return changed

    return write(command, undo=partial(objects.discard, made.keys))


def make_broken(preview_id: str, upload_key: str | None, reason: str) -> None:
    """The file cannot be prepared: the preview is broken, and keeps why. What was sent stays, for another try."""

    def command(changes: Changes) -> None:
        preview = changes.read(PREVIEW_FILE, preview_id)
        _require_claim(preview, upload_key)
        _tell(changes, changes.update(preview, status="broken", failure=reason))

    write(command)


def give_up(preview: Record, reason: str) -> None:
    """No file came: the preview is broken, unless something happened to it since it was read. One may still be sent."""
    known = Known(preview)

    def command(changes: Changes) -> None:
        current = known.read(changes)
        if (current["status"], current["updated_at"]) != (preview["status"], preview["updated_at"]):
            raise Taken("Somebody works on this preview.")
        if current.get("upload") != preview.get("upload"):
            raise Taken("An upload of this preview was begun.")
        _tell(changes, changes.update(current, status="broken", failure=reason))

    write(command)


def note_resent(preview_id: str, upload_key: str, moment: float) -> None:
    """Notes that work on an upload was asked for once more."""

    def command(changes: Changes) -> None:
        preview = changes.read(PREVIEW_FILE, preview_id)
        _require_claim(preview, upload_key)
        upload = preview["upload"]
        noted = {**upload, "resent": upload.get("resent", 0) + 1, "resent_at": moment}
        changes.update(preview, upload=noted, updated_at=preview["updated_at"])

    write(command)


def start_again(preview: Record) -> Record:
    """A broken preview is processed once more; everybody is told. Invalid where nothing was kept of the upload."""

    def command(changes: Changes) -> Record:
        current = changes.read(PREVIEW_FILE, preview.id)
        upload = current.get("upload")
        if current["status"] == "ready" or upload is None or current["original_name"] is None:
            raise Invalid("There is no upload of this preview to process again.")
        again = {**upload, "attempts": 0}
        changed = changes.update(current, status="processing", failure=None, upload=again)
        _tell(changes, changed)
        return changed

    return write(command)


def _tell(changes: Changes, preview: Record) -> None:
    task = reads.find(TASK, preview["task_id"] or "")
    emit(changes, "preview-file:update", task["project_id"] if task else None, **_payload(preview))


def _payload(preview: Record) -> dict[str, Any]:
    """What an event tells of a preview: enough to show it, or its failure, without a further request."""
    names = ("task_id", "revision", "position", "extension", "status", "width", "height", "duration")
    return {"preview_file_id": preview.id, **{name: preview[name] for name in names}}


def _announce(changes: Changes, preview: Record, task: Record | None, person_id: str | None) -> None:
    """The events of a finished upload; those on the comment are of the person who sent the file."""
    project_id = task["project_id"] if task else None
    if preview["extension"] in (formats.PICTURE_EXTENSION, formats.MOVIE_EXTENSION):
        emit(changes, "preview-file:update", project_id, **_payload(preview))
    for comment_id in preview["comments"]:
        added = {"comment_id": comment_id, **_payload(preview)}
        for event in (
            emit(changes, "comment:update", project_id, comment_id=comment_id),
            emit(changes, "preview-file:add-file", project_id, **added),
        ):
            if person_id:
                changes.update(event, user_id=person_id, updated_at=event["updated_at"])
