"""A studio for the tests of access: people of every role and two productions, of which they may see one.

Everybody but the administrator is in the team of `mine` and in no way in that of `theirs`; yet the artist and the
vendor who are `assigned` and `hired` have tasks in both, as somebody has who was taken out of a team.
Records are made directly, one of every kind in each of the productions.
"""

import uuid
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.access import tokens
from chalicelib.domain.registry import ALL
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Field, Kind
from chalicelib.records.files import ATTACHMENT_FILE, BUILD_JOB, PLAYLIST, PREVIEW_FILE
from chalicelib.records.people import DEPARTMENT, ORGANISATION, PERSON
from chalicelib.records.production import (
    BUDGET,
    BUDGET_ENTRY,
    DATA_IMPORT_ERROR,
    METADATA_DESCRIPTOR,
    PROJECT,
    PROJECT_STATUS,
    TASK_STATUS,
    TASK_TYPE,
)
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.records.webhooks import WEBHOOK
from chalicelib.store import reference
from chalicelib.store.changes import write

UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
MINE, THEIRS = "mine", "theirs"
# Who there is, and the role of each. The supervisor is of another department than the task, the leader of its own.
ROLES: Final = {
    "manager": "manager",
    "supervisor": "supervisor",
    "leader": "supervisor",
    "artist": "user",
    "assigned": "user",
    "client": "client",
    "vendor": "vendor",
    "hired": "vendor",
    "bot": "user",
}
MEMBERS: Final = tuple(ROLES)
_DEPARTMENT_OF: Final = {"supervisor": "Editing", "leader": "Lighting", "mate": "Lighting"}
_ENTITIES: Final = {
    "asset": "Lamp", "episode": "Episode", "sequence": "Sequence", "shot": "Shot",
    "edit": "Edit", "concept": "Concept", "scene": "Scene",
}  # fmt: skip
_BELOW: Final = {"sequence": "episode", "shot": "sequence", "edit": "episode", "scene": "sequence"}
_WORDS: Final = {"string": "word", "text": "words", "integer": 1, "number": 1.0, "date": "2022-01-05"}


def create(kind: Kind, **values: Any) -> Record:
    """A record, written without the rules of its area."""
    return write(lambda changes: changes.create(kind, values))


def unique(name: str) -> str:
    """A name nothing else has."""
    return f"{name}-{uuid.uuid4().hex[:8]}"


def of_production(kind: Kind) -> bool:
    """Whether records of the kind belong to a production."""
    fields = kind.by_name
    return "project_id" in fields or any(name in fields for name in (*kind.home.beside, "task_id", "entity_id"))


class Production:
    """One production with one record of every kind, by the table of the kind: `records["task"]`."""

    def __init__(self, studio: "AccessStudio", name: str, team: list[str]) -> None:
        self.studio = studio
        status = studio.open_status
        values = {"task_types": [studio.task_type.id], "task_statuses": [studio.status.id]}
        self.project = create(PROJECT, name=name, team=team, project_status_id=status.id, **values)
        self.records: dict[str, Record] = {"project": self.project}
        self.entities: dict[str, Record] = {}
        for word, entity_type in _ENTITIES.items():
            self.entities[word] = self._entity(word, entity_type)
        self.records["entity"] = self.entities["asset"]
        for entity in self.entities.values():
            self.task_on(entity)
        self.records["task"] = self.task_on(self.entities["asset"], name="lamp")
        self.records["comment"] = self._comment()
        for kind in (
            PREVIEW_FILE,
            ATTACHMENT_FILE,
            BUDGET,
            BUDGET_ENTRY,
            *(collection.kind for collection in ALL.values()),
            BUILD_JOB,
            DATA_IMPORT_ERROR,
            WEBHOOK,
        ):
            if kind.table not in self.records and kind.table not in studio.records:
                of = self.records if of_production(kind) else studio.records
                of[kind.table] = self.fill(kind)

    @property
    def id(self) -> str:
        """The id of the production."""
        return self.project.id

    def _entity(self, word: str, entity_type: str) -> Record:
        above = self.entities.get(_BELOW.get(word, ""))
        return create(
            ENTITY,
            name=f"{self.project['name']} {word}",
            project_id=self.id,
            entity_type_id=self.studio.entity_types[entity_type].id,
            parent_id=above.id if above else None,
            created_by=self.studio.people["admin"].id,
        )

    def task_on(self, entity: Record, name: str = "main") -> Record:
        """A task for the assigned, the hired and the mate."""
        people = [self.studio.people[who].id for who in ("assigned", "hired", "mate")]
        return create(
            TASK,
            name=name,
            project_id=self.id,
            entity_id=entity.id,
            task_type_id=self.studio.task_type.id,
            task_status_id=self.studio.status.id,
            assignees=people,
        )

    def _comment(self) -> Record:
        author = self.studio.people["admin"].id
        reply = {"id": str(uuid.uuid4()), "date": clock.now(), "person_id": author, "text": "A reply."}
        return create(
            COMMENT,
            object_id=self.records["task"].id,
            object_type="Task",
            person_id=author,
            task_status_id=self.studio.status.id,
            text=f"Words about {self.project['name']}",
            replies=[reply],
        )

    def fill(self, kind: Kind) -> Record:
        """A record of any kind, that names what there is of this production."""
        values = {field.name: self._value(kind, field) for field in kind.fields if self._is_set(field)}
        if kind is METADATA_DESCRIPTOR:
            values["departments"] = [department.id for department in self.studio.departments.values()]
        if kind is PLAYLIST:
            values["for_client"] = True
        return create(kind, **values)

    def _is_set(self, field: Field) -> bool:
        if field.name == "id" or field.derived or field.computed or field.secret or field.internal:
            return False
        if field.relation in ("person", "project", "task", "entity", "comment", "preview_file", "task_type"):
            return field.type == "uuid" and field.name not in ("parent_id", "updated_by")
        return field.unique or (not field.nullable and field.default is None) or field.name in ("object_id", "name")

    def _value(self, kind: Kind, field: Field) -> Any:
        if field.relation == "person":
            return self.studio.people["mate"].id
        found = self.records.get(field.relation or "") or self.studio.records.get(field.relation or "")
        if found:
            return found.id
        if field.name == "object_id":
            return self.records["task" if kind is COMMENT else "entity"].id
        if field.type == "choice":
            return field.choices[0]
        if field.type == "string":
            return unique(kind.table)[: field.max_length or 40]
        return _WORDS.get(field.type)

    def twin(self, table: str) -> Record:
        """Another record like that of the table, to be deleted."""
        like = self.records.get(table) or self.studio.records[table]
        values = {
            field.name: like[field.name]
            for field in like.kind.fields
            if not (field.derived or field.computed or field.secret or field.internal or field.unique)
            and field.name not in ("id", "created_at", "updated_at")
            and field.name in like
        }
        for name in ("name", "field_name"):
            if like.get(name):
                values[name] = unique("twin")
        if "date" in values:
            self.studio.day += timedelta(days=1)
            values.update({name: self.studio.day.isoformat() for name in ("date", "end_date") if name in values})
        if table == "schedule_item":
            values["object_id"] = self.entities["shot"].id
        if table == "entity_link":
            values["entity_out_id"] = self.entities["shot"].id
        if table == "subscription":
            values["person_id"] = self.twin("person").id
        if table == "person":
            values["email"] = f"{unique('twin')}@example.com"
        return create(like.kind, **values)


class AccessStudio:
    """People, kinds of work, and the two productions. `tokens` has one for everybody, by their names in `ROLES`."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.day = date(2031, 1, 1)
        names = ("Editing", "Lighting")
        self.departments = {name: create(DEPARTMENT, name=unique(name), color="#000000") for name in names}
        self.people = {"admin": next(one for one in reference.every(PERSON).values() if one["role"] == "admin")}
        for name, role in {**ROLES, "inactive": "manager", "mate": "user"}.items():
            self.people[name] = self._person(name, role)
        self.tokens = {name: self._token(person) for name, person in self.people.items()}
        self._kinds_of_work()
        self.mine = Production(self, "Mine", [self.people[name].id for name in (*MEMBERS, "inactive", "mate")])
        self.theirs = Production(self, "Theirs", [])
        self.productions = {MINE: self.mine, THEIRS: self.theirs}

    def _person(self, name: str, role: str) -> Record:
        department = self.departments.get(_DEPARTMENT_OF.get(name, ""))
        return create(
            PERSON,
            first_name=name.capitalize(),
            last_name="Doe",
            email=f"{name}@example.com",
            role=role,
            active=name != "inactive",
            is_bot=name == "bot",
            jti=str(uuid.uuid4()),
            departments=[department.id] if department else [],
        )

    def _token(self, person: Record) -> str:
        return tokens.issue_script_token(person, person["jti"], None) if person["is_bot"] else tokens.issue(person)

    def _kinds_of_work(self) -> None:
        lighting = self.departments["Lighting"]
        self.task_type = create(TASK_TYPE, name="Lamps", for_entity="Asset", department_id=lighting.id)
        self.status = next(one for one in reference.every(TASK_STATUS).values() if one["is_default"])
        statuses = {one["name"]: one for one in reference.every(PROJECT_STATUS).values()}
        self.open_status = statuses.get("Open") or create(PROJECT_STATUS, name="Open", color="#000000")
        known = {one["name"]: one for one in reference.every(ENTITY_TYPE).values()}
        wanted = _ENTITIES.values()
        self.entity_types = {name: known.get(name) or create(ENTITY_TYPE, name=name) for name in wanted}
        self.records = {
            "person": self.people["mate"],
            "organisation": next(iter(reference.every(ORGANISATION).values())),
            "department": self.departments["Lighting"],
            "task_type": self.task_type,
            "task_status": self.status,
            "project_status": self.open_status,
            "entity_type": self.entity_types["Lamp"],
        }
