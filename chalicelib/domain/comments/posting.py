"""Posting a comment, and all that follows from it (docs/contract/tasks.md 6.2).

One transaction holds the comment, what it does to its task, its news, its notifications and the events; the postings
that automations add too, as far as they fit. The task is written on condition that it is as it was read: of two people
who comment at the same moment, the second begins again on what the first one left.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.domain.commands import Known
from chalicelib.domain.comments import automations, mentions
from chalicelib.domain.counters import progress as counted
from chalicelib.domain.files import attachments
from chalicelib.domain.files.attachments import Stored, Upload
from chalicelib.domain.files.revision_copy import copy_for_automation
from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.domain.news.creation import create_news
from chalicelib.domain.notifications.creation import Notice, Sort, notify
from chalicelib.domain.notifications.recipients import TaskContext
from chalicelib.domain.tasks import progress
from chalicelib.domain.workflow import task_statuses
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.records import clock
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, keys, reads, reference
from chalicelib.store.changes import MOST_ITEMS, Changes, write

# Comment, task, news, an asset made ready, their events, and the jobs that count its shots and bring previews.
_ITEMS_OF_A_POSTING: Final = 12
# Room for the jobs that go on with postings and notifications.
_ITEMS_OF_JOBS: Final = 20


@dataclass(frozen=True)
class NewComment:
    """What somebody posts; `created_at` None is now."""

    status: Record
    author_id: str
    text: str = ""
    checklist: Sequence[Mapping[str, Any]] = ()
    links: Sequence[str] = ()
    created_at: str | None = None
    uploads: Sequence[Upload] = ()


@dataclass(frozen=True)
class Posted:
    """A comment that was posted, whom it mentions, what is attached to it."""

    comment: Record
    mentions: mentions.Mentions
    attached: Sequence[Record]


def post(task: Record, new: NewComment) -> Posted:
    """Posts a comment on a task, as it was read for this request.

    Raises Invalid where the status is a retake too many (6.2, step 1); nothing is written then.
    """
    surroundings = TaskContext(task)
    _refuse_retake(task, surroundings, new.status)
    stored = attachments.store(homes.of(TASK, task), new.uploads)
    return write(_Chain([_Step(task, new, surroundings, stored)]), undo=partial(attachments.drop, stored))[0]


def post_once(task: Record, new: NewComment, comment_id: str) -> None:
    """Posts a comment under an id, unless it is there: what was cut off may be begun again. Raises as `post` does."""
    write(_Chain([_Step(task, new, TaskContext(task), comment_id=comment_id)]))


@dataclass(frozen=True)
class _Step:
    """One posting of a chain. `cause` is the task whose automation asks for it, perhaps with its last previews.

    `comment_id` is the id of a comment that may be begun twice: so it is posted once.
    """

    task: Record
    new: NewComment
    surroundings: TaskContext
    stored: Sequence[Stored] = ()
    cause: Record | None = None
    brings_previews: bool = False
    comment_id: str | None = None

    def arguments(self) -> dict[str, Any]:
        """What a job needs to go on with a posting of an automation; its comment has its id from now on."""
        return {
            "task_id": self.task.id,
            "task_status_id": self.new.status.id,
            "author_id": self.new.author_id,
            "text": self.new.text,
            "comment_id": keys.new_id(COMMENT, homes.of(TASK, self.task)),
            "cause_task_id": self.cause.id if self.cause else None,
            "brings_previews": self.brings_previews,
        }


@job("continue postings of automations")
def continue_postings(steps: Sequence[Mapping[str, Any]], fired: Sequence[str]) -> None:
    """Goes on with the postings that automations add and that did not fit the transaction that set them off.

    steps: see `_Step.arguments`; fired: the automations that are not to fire again. What was posted already, and what
    is gone meanwhile, is left out.
    """
    posted = {comment.id for comment in reads.get_many(COMMENT, [step["comment_id"] for step in steps])}
    remaining = [found for step in steps if step["comment_id"] not in posted and (found := _step_from(step))]
    if remaining:
        write(_Chain(remaining, frozenset(fired)))


def _step_from(step: Mapping[str, Any]) -> _Step | None:
    task, status = reads.find(TASK, step["task_id"]), reference.find(TASK_STATUS, step["task_status_id"])
    cause = reads.find(TASK, step["cause_task_id"] or "")
    if task is None or status is None or cause is None:
        return None
    new = NewComment(status, step["author_id"], step["text"])
    return _Step(task, new, TaskContext(task), (), cause, step["brings_previews"], step["comment_id"])


class _Chain:
    """A command: a posting, and those that automations add to it. An automation fires once a chain."""

    def __init__(self, steps: Sequence[_Step], fired: frozenset[str] = frozenset()) -> None:
        self._steps = steps
        self._fired = fired
        self._known = Known(steps[0].task)

    def __call__(self, changes: Changes) -> list[Posted]:
        queue, fired = deque(self._steps), set(self._fired)
        done: list[_Posting] = []
        while queue and (not done or changes.size + _ITEMS_OF_A_POSTING + _ITEMS_OF_JOBS <= MOST_ITEMS):
            step = queue.popleft()
            posting = _Posting(changes, step, self._task_of(changes, step))
            if posting.is_left_out():
                continue
            posting.write()
            queue.extend(posting.set_off(fired))
            done.append(posting)
        if queue:
            steps = [step.arguments() for step in queue]
            enqueue(changes, continue_postings, steps=steps, fired=sorted(fired))
        notify(changes, [notice for posting in done for notice in posting.notices()])
        return [posting.posted for posting in done]

    def _task_of(self, changes: Changes, step: _Step) -> Record:
        """The task of a step; only that of the first is known, and the others may be this chain's already."""
        return self._known.read(changes) if step is self._steps[0] else changes.read(TASK, step.task.id)


class _Posting:
    """One posting inside a command."""

    posted: Posted

    def __init__(self, changes: Changes, step: _Step, task: Record) -> None:
        self._changes = changes
        self._step = step
        self._new = step.new
        self._around = step.surroundings
        self._task = task
        self._change = False

    def is_left_out(self) -> bool:
        """Whether it may not be: what an automation may not post is left out, what somebody posts is refused.

        What is there under its id was posted before.
        """
        comment_id = self._step.comment_id
        if comment_id is not None and reads.find(COMMENT, comment_id) is not None:
            return True
        try:
            _refuse_retake(self._task, self._around, self._new.status)
        except Invalid:
            if self._step.cause is None:
                raise
            return True
        return False

    def write(self) -> None:
        """Adds the comment, what it does to the task, and its news."""
        found = mentions.find(self._new.text, self._around.project)
        comment = self._create(found)
        attached = attachments.record(self._changes, comment, self._step.stored)
        self.posted = Posted(comment, found, attached)
        payload = {"comment_id": comment.id, "task_id": self._task.id, "task_status_id": self._new.status.id}
        emit(self._changes, "comment:new", self._task["project_id"], comment, **payload)
        self._advance(comment)
        if not task_statuses.is_concept(self._around.entity):
            create_news(self._changes, self._task, comment, self._change)
        if self._step.cause is not None and self._step.brings_previews:
            payload = {"cause_task_id": self._step.cause.id, "task_id": self._task.id, "comment_id": comment.id}
            enqueue(self._changes, copy_for_automation, **payload)

    def _create(self, found: mentions.Mentions) -> Record:
        new = self._new
        return self._changes.create(
            COMMENT,
            {
                "object_id": self._task.id,
                "object_type": "Task",
                "text": new.text,
                "checklist": list(new.checklist),
                "links": list(new.links),
                "task_status_id": new.status.id,
                "person_id": new.author_id,
                "created_at": new.created_at or clock.now(),
                "attached": [one.attachment_id for one in self._step.stored],
                **found.fields(),
            },
            self._step.comment_id,
        )

    def _advance(self, comment: Record) -> None:
        """The task goes on with its latest comment; with an older one it is counted anew and keeps its status."""
        task, moment = self._task, comment["created_at"]
        if progress.is_latest(task, moment):
            values = progress.advanced(task, self._new.status, moment)
        else:
            values = counted.recounted(task, [*counted.thread_of(task), comment])
            values["task_status_id"] = task["task_status_id"]
        self._change = values["task_status_id"] != task["task_status_id"]
        self._task = self._changes.update(task, **values)
        emit(self._changes, "task:update", task["project_id"], task_id=task.id)
        if self._change:
            before, after = task["task_status_id"], self._task["task_status_id"]
            progress.emit_status_change(self._changes, task, before, after, comment["person_id"])

    def notices(self) -> list[Notice]:
        """Whom it tells: the assigned and the subscribers of the comment, the mentioned of that besides."""
        comment, author = self.posted.comment, self._new.author_id
        told: list[tuple[Sort, str]] = [
            *(("comment", person_id) for person_id in self._around.following(self._task)),
            *(("mention", person_id) for person_id in self._around.admitted(self.posted.mentions.everybody)),
        ]
        return [
            Notice(sort, person_id, author, self._task, comment.id, None, self._change, comment["created_at"])
            for sort, person_id in told
            if person_id != author
        ]

    def set_off(self, fired: set[str]) -> list[_Step]:
        """The postings that automations add; `fired` are those that are not to fire again."""
        steps = []
        for automation in automations.triggered_by(self._around.project, self._task):
            if automation.id in fired:
                continue
            fired.add(automation.id)
            if automation["out_field_type"] == "ready_for":
                automations.make_ready(self._changes, automation, self._around.entity)
            elif (step := self._step_of(automation)) is not None:
                steps.append(step)
        return steps

    def _step_of(self, automation: Record) -> _Step | None:
        target, status = automations.target_task(automation, self._task), automations.status_of(automation)
        if target is None or status is None:
            return None
        new = NewComment(status, self._new.author_id, automations.comment_text(self._task))
        brings = bool(automation["import_last_revision"])
        return _Step(target, new, TaskContext(target), cause=self._task, brings_previews=brings)


def _refuse_retake(task: Record, surroundings: TaskContext, status: Record) -> None:
    """Raises Invalid where the production allows no more retakes; an entity may have a number of its own."""
    limit = surroundings.project["max_retakes"] or 0
    if not status["is_retake"] or limit <= 0:
        return
    data = surroundings.entity["data"] if surroundings.entity is not None else None
    limit = _whole(data.get("max_retakes") if isinstance(data, dict) else None, limit)
    if limit > 0 and (task["retake_count"] or 0) >= limit:
        raise Invalid(f"This task has had all of its {limit} retakes.", "task_status_id", "a status that is no retake")


def _whole(value: Any, default: int) -> int:
    try:
        return default if value in (None, "") else int(value)
    except (TypeError, ValueError):
        return default
