"""Bodies and answers of the routes of productions."""

from typing import Any

import msgspec


class TeamMember(msgspec.Struct):
    """Who joins a team."""

    person_id: str


class Descriptor(msgspec.Struct):
    """A column as it is changed: what is left out is reset."""

    name: str
    data_type: str
    choices: list[str] | None = None
    for_client: bool | None = None
    departments: list[str] | None = None

    def values(self) -> dict[str, Any]:
        """Its values; what was left out or null has its default."""
        given = msgspec.structs.asdict(self)
        rest: dict[str, Any] = {"choices": [], "for_client": False, "departments": [], "entity_type": "Asset"}
        return {name: rest.get(name) if value is None else value for name, value in given.items()}


class NewDescriptor(Descriptor):
    """A new column, of assets unless told otherwise."""

    entity_type: str | None = None


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


class Happened(msgspec.Struct):
    """One event of the journal."""

    id: str
    created_at: str
    name: str
    user_id: str | None
    data: Any
