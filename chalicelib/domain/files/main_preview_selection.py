"""Choosing the preview that stands for an entity (docs/contract/files.md 6.5)."""

from collections.abc import Sequence

from chalicelib.domain.counters import main_previews
from chalicelib.domain.files import frames
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write


def choose(preview: Record, task: Record, frame_number: int | None = None) -> Record:
    """Makes a preview the picture of its task's entity, of a movie maybe by a certain frame; gives the entity.

    Invalid for a task without an entity, and for a frame of what is no movie.
    """
    if frame_number is not None:
        frames.show_frame(preview, frame_number)
    gone = NotFound("This preview file is gone.", {"id": preview.id})

    def command(changes: Changes) -> Record:
        entity = main_previews.entity_of(changes, task)
        if entity is None:
            raise Invalid("The task belongs to no entity.")
        changes.require(preview, gone)
        return main_previews.set_main(changes, entity, preview)

    return write(command)


def choose_latest(task: Record, previews: Sequence[Record], frame_number: int | None = None) -> Record:
    """The same with the oldest file of the task's highest revision; Invalid without any."""
    if not previews:
        raise Invalid("The task has no preview.")
    highest = max(one["revision"] or 0 for one in previews)
    return choose(next(one for one in previews if one["revision"] == highest), task, frame_number)
