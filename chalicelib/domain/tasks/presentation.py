"""How tasks are shown beyond the plain record: with names, in full (docs/contract/tasks.md sections 3 and 4)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON, SUBSCRIPTION
from chalicelib.records.production import PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record, plain, related, shown
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, reads, reference

_WITH_SEQUENCE: Final = ("Shot", "Scene", "Sequence")
# What others than managers do not learn of a person whose row comes along with a task.
_PRIVATE: Final[Mapping[str, Any]] = {
    "email": None,
    "phone": None,
    "desktop_login": None,
    "daily_salary": 0,
    "last_login_failed": None,
    "login_failed_attemps": 0,
    "totp_enabled": False,
    "email_otp_enabled": False,
    "fido_enabled": False,
    "fido_devices": [],
    "preferred_two_factor_authentication": None,
    "contract_type": "open-ended",
    "data": None,
    "expiration_date": None,
    "last_presence": None,
    "ldap_uid": None,
    "notifications_slack_userid": "",
    "notifications_mattermost_userid": "",
    "notifications_discord_userid": "",
}


def rows(tasks: Iterable[Record], relations: bool = False) -> list[msgspec.Raw]:
    """Tasks as plain rows, with `assignees` where relations are asked for."""
    return [related(task) if relations else plain(task) for task in tasks]


def detailed(tasks: Sequence[Record], relations: bool = False) -> list[dict[str, Any]]:
    """Tasks with `project_name, task_type_name, task_status_name, entity_type_name, entity_name`.

    In the order of docs/contract/entities.md: by the names of task, production, task type, entity type, entity.
    Reads the entities, a hundred a call.
    """
    entities = {entity.id: entity for entity in reads.get_many(ENTITY, _values(tasks, "entity_id"))}
    found = [_detailed(task, entities.get(task["entity_id"] or ""), relations) for task in tasks]
    keys = ("name", "project_name", "task_type_name", "entity_type_name", "entity_name")
    return sorted(found, key=lambda task: tuple(task[key] or "" for key in keys))


def _detailed(task: Record, entity: Record | None, relations: bool) -> dict[str, Any]:
    return shown(
        task,
        relations,
        project_name=_name(PROJECT, task["project_id"]),
        task_type_name=_name(TASK_TYPE, task["task_type_id"]),
        task_status_name=_name(TASK_STATUS, task["task_status_id"]),
        entity_type_name=_name(ENTITY_TYPE, entity["entity_type_id"]) if entity else None,
        entity_name=entity["name"] if entity else None,
    )


def made_in_bulk(task: Record) -> dict[str, Any]:
    """A task as the routes answer it that make many: with what a board shows of its type and status."""
    task_type: Mapping[str, Any] = reference.find(TASK_TYPE, task["task_type_id"]) or {}
    status: Mapping[str, Any] = reference.find(TASK_STATUS, task["task_status_id"]) or {}
    return shown(
        task,
        True,
        task_status_name=status.get("name"),
        task_status_short_name=status.get("short_name"),
        task_status_color=status.get("color"),
        task_type_name=task_type.get("name"),
        task_type_color=task_type.get("color"),
        task_type_priority=task_type.get("priority"),
    )


def full(caller: Caller, task: Record) -> dict[str, Any]:
    """A task with the whole rows of what it names.

    `entity, entity_type, project, task_status, task_type, persons, assigner, is_subscribed`, and for shots, scenes and
    sequences that have them `sequence` and `episode`. Up to four reads.
    """
    entity = reads.find(ENTITY, task["entity_id"] or "")
    entity_type = reference.find(ENTITY_TYPE, entity["entity_type_id"]) if entity else None
    people = (reference.find(PERSON, person_id) for person_id in task["assignees"])
    assigner = reference.find(PERSON, task["assigner_id"])
    return shown(
        task,
        True,
        entity=shown(entity, type=ENTITY.name) if entity else None,
        entity_type=_row(entity_type),
        project=_row(reference.find(PROJECT, task["project_id"])),
        task_status=_row(reference.find(TASK_STATUS, task["task_status_id"])),
        task_type=_row(reference.find(TASK_TYPE, task["task_type_id"])),
        persons=[person_row(caller, person) for person in people if person is not None],
        is_subscribed=is_subscribed(caller.id, task),
        **({"assigner": person_row(caller, assigner)} if assigner else {}),
        **_above(entity, entity_type),
    )


def _above(entity: Record | None, entity_type: Record | None) -> dict[str, Any]:
    """The rows of the sequence and the episode that an entity is in."""
    if entity is None or entity_type is None or entity_type["name"] not in _WITH_SEQUENCE:
        return {}
    parent = reads.find(ENTITY, entity["parent_id"] or "")
    if parent is None:
        return {}
    episode = reads.find(ENTITY, parent["parent_id"] or "")
    return {"sequence": plain(parent), **({"episode": plain(episode)} if episode else {})}


def person_row(caller: Caller, person: Record) -> Any:
    """A person as managers and the person see it; for others, without what is private."""
    if caller.is_manager or caller.id == person.id:
        return related(person)
    return shown(person, True, **_PRIVATE)


def is_subscribed(person_id: str, task: Record) -> bool:
    """Whether a person subscribed to a task (one read)."""
    values = {"person_id": person_id, "task_id": task.id}
    return reads.holder(SUBSCRIPTION, homes.of(TASK, task), ("person_id", "task_id"), values) is not None


def _row(record: Record | None) -> msgspec.Raw | None:
    return plain(record) if record is not None else None


def _name(kind: Kind, record_id: str | None) -> str | None:
    found = reference.find(kind, record_id)
    return found["name"] if found else None


def _values(tasks: Iterable[Record], field: str) -> set[str]:
    return {task[field] for task in tasks if task[field]}
