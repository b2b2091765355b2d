"""Forced removal of tasks, with everything that hangs on them (docs/contract/tasks.md section 3, Delete)."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from chalicelib.access.caller import Caller
from chalicelib.domain.comments import attachments
from chalicelib.domain.files import main_preview, storage
from chalicelib.domain.notifications.lookup import of_tasks
from chalicelib.events.journal import emit
from chalicelib.media import keys as media_keys
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Kind
from chalicelib.records.files import ATTACHMENT_FILE, OUTPUT_FILE, PREVIEW_FILE, WORKING_FILE
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS, TASK, TIME_SPENT
from chalicelib.store import bulk_deletion, homes, reads
from chalicelib.store.changes import MOST_ITEMS, Changes, write

# What points at a task from the task's own home, and the index that leads there.
_HANGING: Final[tuple[tuple[Kind, str, str], ...]] = (
    (COMMENT, "l1", "^"),
    (NEWS, "l2", "^"),
    (PREVIEW_FILE, "l1", "^"),
    (TIME_SPENT, "l1", "^"),
    (SUBSCRIPTION, "l1", "="),
    (WORKING_FILE, "l1", "="),
)
# Of a task: itself, its guard, its event; besides the edge of each assignee.
_ITEMS_OF_A_TASK: Final = 3


def remove_tasks(caller: Caller, tasks: Sequence[Record]) -> None:
    """Takes tasks away with their comments (and attachments), news, notifications, previews, time spents,
    subscriptions, working files and the output files made of these.

    What hangs on a task goes first; the task last, in a transaction with its event `task:delete`. Cut off half-way, it
    is a task with less on it, and removing it again goes on. A comment that is posted meanwhile goes along.
    """
    del caller  # the journal knows who causes it
    for group in _groups(tasks):
        write(_Removal(group))


def hanging_on(tasks: Sequence[Record], besides: frozenset[Kind] = frozenset()) -> list[Record]:
    """What points at these tasks in their own home; kinds in `besides` are not looked for. Read side by side."""
    looks = [
        partial(reads.query, kind, homes.of(TASK, task), index, (sign, task.id + ("#" if sign == "^" else "")))
        for task in tasks
        for kind, index, sign in _HANGING
        if kind not in besides
    ]
    return [record for part in reads.parallel(looks) for record in part]


def stored_objects(preview: Record) -> list[str]:
    """The keys of the objects of a preview file."""
    return media_keys.of_preview(preview)


class _Removal:
    """A command that removes a group of tasks, and what hangs on them before: that may be done twice."""

    def __init__(self, tasks: Sequence[Record]) -> None:
        self._tasks = tasks
        self._tried = False

    def __call__(self, changes: Changes) -> None:
        if self._tried:
            self._tasks = reads.get_many(TASK, [task.id for task in self._tasks])
        self._tried = True
        self._clear()
        for task in self._tasks:
            changes.delete(task)
            told = {"task_id": task.id, "entity_id": task["entity_id"], "task_type_id": task["task_type_id"]}
            emit(changes, "task:delete", task["project_id"], **told)

    def _clear(self) -> None:
        found = hanging_on(self._tasks) + of_tasks(self._tasks)
        by_kind: dict[Kind, list[Record]] = {}
        for record in found:
            by_kind.setdefault(record.kind, []).append(record)
        found += attachments.attached_to(by_kind.get(COMMENT, ()))
        found += _made_of(by_kind.get(WORKING_FILE, ()))
        _unset_pictures(self._tasks, by_kind.get(PREVIEW_FILE, ()))
        bulk_deletion.remove(found)
        storage.discard(key for record in found for key in _objects_of(record))


def _objects_of(record: Record) -> list[str]:
    """The keys of what a record keeps in the bucket."""
    spilled = [record.texts.spilled] if record.texts.spilled else []
    if record.kind is PREVIEW_FILE:
        return stored_objects(record) + spilled
    return [attachments.key_of(record), *spilled] if record.kind is ATTACHMENT_FILE else spilled


def _groups(tasks: Iterable[Record]) -> Iterator[list[Record]]:
    """Tasks that go in one transaction together."""
    group: list[Record] = []
    size = 0
    for task in tasks:
        items = _ITEMS_OF_A_TASK + len(task["assignees"])
        if group and size + items > MOST_ITEMS:
            yield group
            group, size = [], 0
        group.append(task)
        size += items
    if group:
        yield group


def _made_of(working_files: Iterable[Record]) -> list[Record]:
    """The output files made of these working files."""
    looks = [
        partial(reads.query, OUTPUT_FILE, homes.of(WORKING_FILE, one), "l3", ("=", one.id)) for one in working_files
    ]
    return [record for part in reads.parallel(looks) for record in part]


def _unset_pictures(tasks: Iterable[Record], previews: Iterable[Record]) -> None:
    """Entities whose picture is one of these previews lose it."""
    gone = {preview.id for preview in previews}
    entities = reads.get_many(ENTITY, {task["entity_id"] for task in tasks if task["entity_id"]}) if gone else []
    for entity in entities:
        if entity["preview_file_id"] in gone:
            write(partial(_unset_picture, entity_id=entity.id, gone=gone))


def _unset_picture(changes: Changes, entity_id: str, gone: set[str]) -> None:
    entity = changes.read(ENTITY, entity_id)
    if entity["preview_file_id"] in gone:
        main_preview.set_main(changes, entity, None)
