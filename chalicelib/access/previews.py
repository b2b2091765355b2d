"""Access rules of preview files and their stored pictures (docs/contract/files.md sections 1 and 6).

A preview lives in the home of its production, so that its id tells the production: who is in the team needs no look at
the task. `call.subject` is the preview, or preview and task where the rule had to read both.
"""

from collections.abc import Callable
from typing import NamedTuple

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, keys, reads, reference


class PreviewOfTask(NamedTuple):
    """What a rule on a preview loaded."""

    preview: Record
    task: Record


def task_of(preview: Record) -> Record:
    """The task of a preview; NotFound for one that belongs to none."""
    task = reads.find(TASK, preview["task_id"] or "")
    if task is None:
        raise NotFound("This preview file belongs to no task.", {"id": preview.id})
    return task


def production_of(preview: Record) -> Record:
    """The production of a preview, told by its home; NotFound for a preview of none."""
    home = homes.of(PREVIEW_FILE, preview)
    for project in reference.every(PROJECT).values():
        if keys.home_of_owner(project.id) == home:
            return project
    return checks.project_of(task_of(preview))


def see_preview(caller: Caller, preview: Record) -> None:
    """Task access; the task itself is read for vendors alone."""
    if caller.is_vendor:
        checks.see_task(caller, task_of(preview))
    elif not caller.is_admin:
        checks.see_project(caller, production_of(preview))


def see_picture(caller: Caller, preview: Record) -> None:
    """Task access; everybody but vendors where the picture stands for an entity that is shared (section 6.4)."""
    try:
        see_preview(caller, preview)
    except Forbidden:
        if caller.is_vendor:
            raise
        entity = reads.find(ENTITY, task_of(preview)["entity_id"] or "")
        if entity is None or not entity["is_shared"] or entity["preview_file_id"] != preview.id:
            raise


def manage_preview(caller: Caller, preview: Record) -> None:
    """Managers of the production."""
    if not caller.is_admin:
        checks.manage_project(caller, production_of(preview))


def annotate(caller: Caller, task: Record) -> None:
    """Managers and clients of the team, and supervisors who lead the task's type (section 6.6)."""
    checks.see_project(caller, checks.project_of(task))
    if not (caller.is_manager or caller.is_client or checks.leads_task(caller, task)):
        raise Forbidden("You may not draw on this preview.")


def _of_preview(name: str, parameter: str, test: Callable[[Caller, Record], None]) -> Rule:
    def check(call: Asked) -> None:
        call.subject = load(PREVIEW_FILE, call.params[parameter])
        test(call.caller, call.subject)

    return Rule(name, check)


def _of_task(name: str, parameter: str, test: Callable[[Caller, Record], None]) -> Rule:
    def check(call: Asked) -> None:
        preview = load(PREVIEW_FILE, call.params[parameter])
        call.subject = PreviewOfTask(preview, task_of(preview))
        test(call.caller, call.subject.task)

    return Rule(name, check)


def reader(parameter: str = "instance_id") -> Rule:
    """Task access to a preview."""
    return _of_preview("task access", parameter, see_preview)


def picture_reader(parameter: str = "instance_id") -> Rule:
    """Task access, or the picture of a shared entity."""
    return _of_preview("task access, or shared", parameter, see_picture)


def manager(parameter: str = "preview_file_id") -> Rule:
    """Manager of the preview's production."""
    return _of_preview("manager of the project", parameter, manage_preview)


def task_reader(parameter: str = "preview_file_id") -> Rule:
    """Task access; the task is loaded, too."""
    return _of_task("task access", parameter, checks.see_task)


def task_actor(parameter: str = "preview_file_id") -> Rule:
    """Task action on the preview's task."""
    return _of_task("task action", parameter, checks.act_on_task)


def annotator(parameter: str = "preview_file_id") -> Rule:
    """Who may draw on a preview."""
    return _of_task("managers, clients and supervisors of the department", parameter, annotate)
