"""What a production uses: types, statuses, automations, backgrounds (docs/contract/production.md section 5)."""

from typing import Any, Final

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access.rules import Rule
from chalicelib.domain.production import settings
from chalicelib.domain.production.crud.project_kinds import project_named
from chalicelib.domain.production.settings import Setting
from chalicelib.domain.workflow import project_links
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.production import PROJECT, PROJECT_TASK_STATUS_LINK, PROJECT_TASK_TYPE_LINK
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Shown


class UsedAssetType(msgspec.Struct):
    """An asset type to be used."""

    asset_type_id: str


class UsedTaskType(msgspec.Struct):
    """A task type to be used; its priority counts when it was not used yet."""

    task_type_id: str
    priority: int | None = None


class UsedTaskStatus(msgspec.Struct):
    """A task status to be used."""

    task_status_id: str


class UsedStatusAutomation(msgspec.Struct):
    """An automation to be used."""

    status_automation_id: str


class UsedBackground(msgspec.Struct):
    """A background of previews to be used."""

    preview_background_file_id: str


class TaskTypeLink(msgspec.Struct):
    """What a production says of a task type."""

    project_id: str
    task_type_id: str
    priority: int | None = 1


class TaskStatusLink(msgspec.Struct):
    """What a production says of a task status; a single role may be given as text."""

    project_id: str
    task_status_id: str
    priority: int | None = 1
    roles_for_board: list[str] | str | None = None


area = Area("project settings", "What a production uses of what the studio has.")
_BASE: Final = "/data/projects/{project_id}"


def _manager_of_the_project_named(call: Any) -> None:
    call.subject = project_named(call.body if isinstance(call.body, dict) else {})
    checks.manage_project(call.caller, call.subject)


manager_of_the_project_named: Final = Rule("manager of the project", _manager_of_the_project_named)


def declare(segment: str, setting: Setting, body: type[msgspec.Struct]) -> None:
    """Declares the two routes that set something on a production and take it off; the first field names it."""
    thing = body.__struct_fields__[0]
    title = segment.replace("-", " ")

    @area.post(
        f"{_BASE}/settings/{segment}",
        access=rules.project_manager(),
        body=body,
        answer=Shown(PROJECT),
        form=True,
        status=201,
        summary=f"Sets on a production: {title}.",
    )
    def add_setting(call: Call) -> Any:
        said = msgspec.structs.asdict(call.body)
        return plain(settings.add(call.subject, setting, said.pop(thing), **said))

    @area.delete(
        f"{_BASE}/settings/{segment}/{{{thing}}}",
        access=rules.project_manager(),
        status=204,
        summary=f"Takes off a production: {title}.",
    )
    def remove_setting(call: Call) -> Answer:
        settings.remove(call.subject, setting, call.params[thing])
        return no_content()


def declare_list(path: str, setting: Setting, access: Rule) -> None:
    """Declares the route that lists what is set on a production."""
    title = setting.field.replace("_", " ")

    @area.get(
        f"{_BASE}/{path}",
        access=access,
        answer=Shown(setting.kind, many=True),
        summary=f"Lists what is set on a production: {title}.",
    )
    def list_setting(call: Call) -> list[Any]:
        return settings.listed(call.subject, setting)


declare("asset-types", settings.ASSET_TYPES, UsedAssetType)
declare("task-types", settings.TASK_TYPES, UsedTaskType)
declare("task-status", settings.TASK_STATUSES, UsedTaskStatus)
declare("status-automations", settings.STATUS_AUTOMATIONS, UsedStatusAutomation)
declare("preview-background-files", settings.PREVIEW_BACKGROUND_FILES, UsedBackground)
declare_list("task-types", settings.TASK_TYPES, rules.project_member())
declare_list("settings/task-status", settings.TASK_STATUSES, rules.project_member())
declare_list("settings/status-automations", settings.STATUS_AUTOMATIONS, rules.project_manager())
declare_list("settings/preview-background-files", settings.PREVIEW_BACKGROUND_FILES, rules.project_member())


@area.post(
    "/data/task-type-links",
    access=manager_of_the_project_named,
    body=TaskTypeLink,
    answer=Shown(PROJECT_TASK_TYPE_LINK),
    form=True,
    status=201,
)
def link_task_type(call: Call) -> Any:
    """Sets a task type on a production, or changes its priority there."""
    return plain(project_links.link_task_type(call.subject, call.body.task_type_id, call.body.priority))


@area.post(
    "/data/task-status-links",
    access=manager_of_the_project_named,
    body=TaskStatusLink,
    answer=Shown(PROJECT_TASK_STATUS_LINK),
    form=True,
    status=201,
)
def link_task_status(call: Call) -> Any:
    """Sets a task status on a production, or changes its priority and the roles that see it on the board."""
    body: TaskStatusLink = call.body
    roles = [body.roles_for_board] if isinstance(body.roles_for_board, str) else body.roles_for_board or []
    return plain(project_links.link_task_status(call.subject, body.task_status_id, body.priority, roles))
