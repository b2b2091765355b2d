"""Adding one entity to a playlist: a route that newer clients ask for (docs/contract/interchange.md 7.4)."""

from functools import partial

from chalicelib.domain.commands import Known
from chalicelib.domain.counters import main_previews
from chalicelib.domain.files import lists
from chalicelib.domain.playlists.crud import refuse_strangers
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit_for
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PLAYLIST, PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import homes, reads
from chalicelib.store.changes import Changes, write


def add_entity(playlist: Record, entity_id: str, preview_file_id: str | None) -> Record:
    """A playlist with an entry more at its end; without a preview, the entity's latest is shown.

    Two who add at once add both. Invalid for an entity or a preview that this production does not have.
    """
    entity = reads.find(ENTITY, entity_id)
    if entity is None or entity["project_id"] != playlist["project_id"]:
        raise Invalid("This production has no such entity.", "entity_id", "the id of an entity of the production")
    if preview_file_id and reads.find(PREVIEW_FILE, preview_file_id) is None:
        raise Invalid("There is no such preview.", "preview_file_id", "the id of a preview of the production")
    chosen = preview_file_id or _latest(entity)
    entry = {"entity_id": entity.id, "preview_file_id": chosen}
    refuse_strangers([entry], homes.of(PLAYLIST, playlist))
    known = Known(playlist)

    def command(changes: Changes) -> Record:
        current = known.read(changes)
        changed = changes.update(current, shots=[*(current["shots"] or ()), entry])
        emit_for(changes, changed, "update")
        return changed

    return write(command)


def _latest(entity: Record) -> str | None:
    """The preview that was made last among the highest revisions of an entity's tasks (a query a task)."""
    tasks = lists.tasks_of(entity)
    found = reads.parallel([partial(main_previews.of_task, task.id) for task in tasks])
    latest = [lists.revisions_of(files)[0][0] for files in found if files]
    return max(latest, key=lambda one: str(one["created_at"])).id if latest else None
