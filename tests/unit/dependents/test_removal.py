"""What hangs on a record goes along or lets go of it, by every declared relation, wherever the other record lives."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.domain.dependents import lookup, protection, removal
from chalicelib.errors import StillReferenced
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import CASCADE, KEEP, PROTECT, RECOUNT, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.relations import Relation, leading_to, of_kind
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import reads, reference, session
from chalicelib.store.changes import write

# Whose records somebody takes away by force, or with what they belong to.
OWNERS = ("person", "entity", "task", "comment", "chat", "chat_message", "playlist", "asset_instance", "department")
_WORDS: Mapping[str, Any] = {"string": "word", "text": "words", "integer": 1, "number": 1.0, "date": "2022-01-05"}


def create(kind: Kind, **values: Any) -> Record:
    made = write(lambda changes: changes.create(kind, values))
    session.current().stamp = None
    return made


def change(record: Record, **values: Any) -> Record:
    return write(lambda changes: changes.update(now(record) or record, **values))


def now(record: Record) -> Record | None:
    session.current().stamp = None
    return reference.find(record.kind, record.id) if record.kind.reference else reads.find(record.kind, record.id)


class House:
    """A production with one record of the kinds that others hang on, and records that name them."""

    def __init__(self) -> None:
        self.number = 0
        self.project = create(PROJECT, name="Caminandes")
        self.person = create(PERSON, first_name="Ada", last_name="Doe", email="ada@example.com")
        create(TASK_STATUS, name="Todo", short_name="todo", color="#000", is_default=True)
        self.entity_type = create(ENTITY_TYPE, name="Character")
        self.entity = create(ENTITY, name="Lama", project_id=self.project.id, entity_type_id=self.entity_type.id)
        self.task = create(TASK, name="main", project_id=self.project.id, entity_id=self.entity.id)
        self.comment = create(COMMENT, object_id=self.task.id, object_type="Task", person_id=self.person.id)
        self.known = {one.kind.table: one for one in vars(self).values() if isinstance(one, Record)}

    def one(self, table: str) -> Record:
        """Another record of a table, that belongs to the production."""
        return self.make(KINDS[table])

    def make(self, kind: Kind, **given: Any) -> Record:
        """A record of a kind with what it has to have."""
        self.number += 1
        values: dict[str, Any] = {}
        for field in kind.fields:
            if field.name == "id" or field.computed or field.derived or field.internal:
                continue
            if field.name in kind.home.named:
                known = self.known.get(field.relation or "task" if field.name == "object_id" else field.relation or "")
                values[field.name] = known.id if known else None
            elif field.unique or (not field.nullable and field.default is None):
                values[field.name] = self._word(field.type, field.choices)
        if kind.table == "chat":
            values["object_id"] = self.entity.id
        return create(kind, **{**values, **given})

    def _word(self, sort: str, choices: tuple[str, ...]) -> Any:
        if sort in ("string", "email"):
            return f"w{self.number}@a.b"
        if choices:
            return choices[0]
        return {"uuid": str(uuid.uuid4()), "integer": self.number}.get(sort, _WORDS.get(sort))

    def naming(self, relation: Relation, owner: Record) -> Record:
        """A record that names the owner by a relation, and is found the way the relation says."""
        beside = {
            name: next(own.ids_in(owner))
            for name in relation.found_by
            for own in of_kind(owner.kind)
            if own.table == relation.kind.by_name[name].relation and own.table == "task"
        }
        record = self.make(relation.kind, **{relation.name: _nested(relation.path, owner.id), **beside})
        if relation.listed_in == "told":
            change(self.task if owner.kind is COMMENT else owner, told=[record["person_id"]])
        elif relation.listed_in and owner.kind.by_name[relation.listed_in].type != "uuid":
            listed = (now(owner) or owner).get(relation.listed_in) or []
            change(owner, **{relation.listed_in: [*listed, record.id]})
        return record


def _nested(path: str, value: Any) -> Any:
    """`replies[].person_id`: what the field `replies` holds then."""
    for step in reversed(path.split(".")[1:]):
        value = {step.removesuffix("[]"): [value] if step.endswith("[]") else value}
    return [value] if path.split(".", maxsplit=1)[0].endswith("[]") else value


@pytest.fixture
def house(table: str, bucket: str) -> House:
    return House()


def forced(table: str) -> list[Relation]:
    return [one for one in leading_to(table) if one.on_delete not in (KEEP, PROTECT, RECOUNT)]


@pytest.mark.parametrize("kept_in", OWNERS)
def test_by_every_relation_what_hangs_on_a_record_goes_or_lets_go(house: House, kept_in: str) -> None:
    owner = house.one(kept_in)
    naming = {relation: house.naming(relation, owner) for relation in forced(kept_in)}
    other = house.one(kept_in)
    kept = {relation: house.naming(relation, other) for relation in forced(kept_in)}
    latest = now(owner)
    assert latest is not None
    removal.clear_at_once([latest])
    for relation, record in naming.items():
        current = now(record)
        told = f"{relation.kind.table}.{relation.path}"
        if relation.on_delete is CASCADE:
            assert current is None, told
        else:
            assert current is not None, told
            assert list(relation.ids_in(current)) == [], told
    for relation, record in kept.items():
        current = now(record)
        assert current is not None
        assert list(relation.ids_in(current)) == [other.id]


def protecting() -> list[Relation]:
    return [one for kind in KINDS.values() for one in protection.protecting(kind) if kind is not PROJECT]


@pytest.mark.parametrize("kept_in", sorted({relation.table for relation in protecting()}))
def test_what_protects_a_record_holds_it_back(house: House, kept_in: str) -> None:
    for relation in protecting():
        if relation.table != kept_in:
            continue
        owner = house.one(kept_in)
        protection.refuse_if_referenced(owner)
        record = house.naming(relation, owner)
        latest = now(owner)
        assert latest is not None
        with pytest.raises(StillReferenced):
            protection.refuse_if_referenced(latest)
        assert now(record) is not None


def test_what_hangs_on_what_hangs_goes_too(house: House) -> None:
    chat = house.one("chat")
    message = house.make(KINDS["chat_message"], chat_id=chat.id)
    attachment = house.make(KINDS["attachment_file"], chat_message_id=message.id, comment_id=None)
    change(message, attached=[attachment.id])
    removal.clear_at_once([house.entity])
    assert [now(one) for one in (chat, message, attachment, house.task, house.comment)] == [None] * 5


def test_it_may_be_done_twice(house: House) -> None:
    assert removal.clear_at_once([house.entity]) > 0
    assert removal.clear_at_once([house.entity]) == 0


def test_news_of_a_comment_are_found_by_its_index(house: House) -> None:
    news = house.make(KINDS["news"], comment_id=house.comment.id)
    with session.opened() as here:
        assert lookup.of(house.comment, KINDS["news"]) == [news]
    assert here.calls == {"Query": 1}
