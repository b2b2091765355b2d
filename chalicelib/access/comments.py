"""Who may do what with comments: the words of clients and those of the studio (docs/contract/tasks.md 1.1, 6.6 to 6.9).

Rules on a comment below its task load both: `call.subject` is a `CommentOnTask`.
"""

from collections.abc import Callable
from typing import NamedTuple

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import reads, reference


class CommentOnTask(NamedTuple):
    """What a rule on a comment loaded."""

    task: Record
    comment: Record


def is_by_client(comment: Record) -> bool:
    """Whether a client wrote it."""
    return is_client(comment["person_id"])


def is_client(person_id: str) -> bool:
    """Whether that person is a client."""
    person = reference.find(PERSON, person_id)
    return person is not None and person["role"] == "client"


def reads_whole(caller: Caller, project: Record, comment: Record) -> bool:
    """Whether the caller reads all of a comment on a task that they see.

    Supervisors and more: every one. A client: those of clients; in a production that isolates them, their own. Artists
    and vendors: all but those of clients.
    """
    if caller.is_supervisor:
        return True
    if caller.is_client:
        return caller.id == comment["person_id"] or (is_by_client(comment) and not project["is_clients_isolated"])
    return not is_by_client(comment)


def reads_picture(caller: Caller, comment: Record) -> bool:
    """Whether the caller is a client who sees the previews of a studio's comment, without its words."""
    return caller.is_client and bool(comment["previews"]) and not is_by_client(comment)


def task_of(comment: Record) -> Record:
    """The task of a comment (one read); NotFound where it is gone."""
    task = reads.find(TASK, comment["object_id"])
    if task is None:
        raise NotFound("The task of this comment is gone.", {"id": comment.id})
    return task


def see_comment(caller: Caller, task: Record, comment: Record) -> None:
    """Comment access: task access, and the words are for the caller."""
    checks.see_task(caller, task)
    if not reads_whole(caller, checks.project_of(task), comment):
        raise Forbidden("This comment is not for you.")


def acknowledge(caller: Caller, task: Record, comment: Record) -> None:
    """Task access; artists and vendors learn nothing of the words of clients, a client may know of any comment."""
    checks.see_task(caller, task)
    if not caller.is_client:
        see_comment(caller, task, comment)


def see_task_of(caller: Caller, task: Record, comment: Record) -> None:
    """Task access."""
    del comment
    checks.see_task(caller, task)


def reply_to(caller: Caller, task: Record, comment: Record) -> None:
    """The author of the comment; else who may act on the task, and no clients."""
    checks.see_task(caller, task)
    if caller.id != comment["person_id"]:
        checks.not_client(caller)
        checks.act_on_task(caller, task)


def own_comment(caller: Caller, task: Record, comment: Record) -> None:
    """Managers of the production, and the author while in its team: deleting, attaching."""
    checks.see_project(caller, checks.project_of(task))
    if not caller.is_manager and caller.id != comment["person_id"]:
        raise Forbidden("This comment is not yours.")


def on_task(
    name: str, test: Callable[[Caller, Record, Record], None], task: str = "task_id", comment: str = "comment_id"
) -> Rule:
    """A rule on a comment below its task; NotFound for a comment of another task."""

    def check(call: Asked) -> None:
        found = CommentOnTask(load(TASK, call.params[task]), load(COMMENT, call.params[comment]))
        if found.comment["object_id"] != found.task.id:
            raise NotFound("The task has no such comment.", {"id": found.comment.id})
        test(call.caller, *found)
        call.subject = found

    return Rule(name, check)


reader = on_task("comment access", see_comment)
task_reader = on_task("task access", see_task_of)
acknowledger = on_task("task access", acknowledge)
replier = on_task("author, or task action", reply_to)
owner = on_task("author, or manager of the project", own_comment)
