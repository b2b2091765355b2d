"""What becomes of a record is declared for every place in which it names another."""

import pytest

from chalicelib.domain.counters import recounts
from chalicelib.domain.dependents import stored_objects
from chalicelib.records import relations
from chalicelib.records.fields import CASCADE, DROP_ENTRY, RECOUNT, SET_NULL, Field, Kind
from chalicelib.records.registry import KINDS
from chalicelib.records.relations import Relation, is_relation

# Fields of any shape in which nothing of ours writes the id of a record: metadata and settings of the studio, words,
# keys of objects, moments.
HOLD_NO_IDS = {
    "entity.cast_elsewhere",
    "asset_instance.data",
    "attachment_file.content_type",
    "build_job.error",
    "build_job.movie",
    "build_job.unfinished",
    "comment.checklist",
    "comment.data",
    "comment.links",
    "entity.data",
    "entity_link.data",
    "entity_version.data",
    "metadata_descriptor.choices",
    "notification.unread_since",
    "organisation.mail_down_because",
    "organisation.mail_down_since",
    "output_file.data",
    "person.data",
    "person.kept_session",
    "person.fido_credentials",
    "person.fido_devices",
    "person.mail_given_up",
    "person.mail_problem",
    "person.reset_token",
    "person.token_generation",
    "preview_file.annotations",
    "preview_file.failure",
    "preview_file.stored",
    "preview_file.unfinished",
    "project.data",
    "project.file_tree",
    "project.is_left",
    "software.secondary_extensions",
    "task.data",
    "working_file.data",
    "working_file.stored",
    "working_file.upload",
    "webhook.events",
}
# Ids of what is no record of its own.
NO_TABLES = {"any", "reply"}
every = [(kind, relation) for kind in KINDS.values() for relation in relations.of_kind(kind)]


def name_of(one: object) -> str:
    return f"{one.kind.table}.{one.path}" if isinstance(one, Relation) else str(getattr(one, "table", one))


def holds_ids(field: Field) -> bool:
    """Whether a field may hold ids that no relation tells of."""
    if field.name == "id" or is_relation(field) or field.derived or field.type == "record":
        return False
    return field.internal or field.type in ("uuid", "ids", "json", "json[]", "string[]")


@pytest.mark.parametrize("kind", KINDS.values(), ids=name_of)
def test_every_place_of_an_id_is_declared(kind: Kind) -> None:
    declared = {relation.name for relation in relations.of_kind(kind)}
    loose = {f"{kind.table}.{field.name}" for field in kind.fields if holds_ids(field) and field.name not in declared}
    assert loose <= HOLD_NO_IDS


def test_what_is_said_to_hold_no_ids_is_there() -> None:
    assert {f"{kind.table}.{field.name}" for kind in KINDS.values() for field in kind.fields} >= HOLD_NO_IDS


@pytest.mark.parametrize(("kind", "relation"), every, ids=name_of)
def test_a_relation_can_do_what_it_declares(kind: Kind, relation: Relation) -> None:
    assert relation.table in KINDS or relation.table in NO_TABLES
    field = kind.by_name[relation.name]
    if relation.on_delete is SET_NULL and relation.path == field.name:
        assert field.nullable, "a field that may not be null cannot be emptied: its record has to go along"
    if relation.on_delete is DROP_ENTRY:
        assert "[]" in relation.path
    if relation.on_delete is CASCADE:
        assert relation.path in (field.name, f"{field.name}[]"), "an entry of a list is dropped"
    assert set(relation.found_by) <= kind.by_name.keys()
    if relation.listed_in and relation.listed_in != "told":
        assert relation.listed_in in KINDS[relation.table].by_name


def test_what_is_found_by_another_field_always_has_it() -> None:
    for kind, relation in every:
        # One of them is required; the others lead to what goes along with that.
        assert not relation.found_by or any(not kind.by_name[name].nullable for name in relation.found_by)


def test_counters_name_what_they_count() -> None:
    counted = set()
    for kind in KINDS.values():
        for counter in kind.counters:
            assert set(counter.fields) <= kind.by_name.keys()
            assert counter.by in KINDS[counter.of].by_name
            counted.add(counter.of)
    assert counted == {kind.table for kind in recounts.WITHOUT}
    for kind, relation in every:
        if relation.on_delete is RECOUNT:
            assert any(relation.name in counter.fields for counter in kind.counters)


def test_every_kind_that_keeps_objects_tells_which() -> None:
    keeping = {kind for kind in KINDS.values() if kind.keeps_objects}
    assert keeping == set(stored_objects.OF_KIND)


def test_ids_are_found_and_taken_out_wherever_they_are() -> None:
    of_comments = relations.of_kind(KINDS["comment"])
    author, mentions = (one for one in of_comments if one.table == "person" and "replies" in one.path)
    comment = {"replies": [{"person_id": "a", "mentions": ["b", "c"]}, {"person_id": "b", "mentions": ["a"]}]}
    assert list(author.ids_in(comment)) == ["a", "b"]
    assert list(mentions.ids_in(comment)) == ["b", "c", "a"]
    assert author.without(comment, {"b"}) == {"replies": [{"person_id": "a", "mentions": ["b", "c"]}]}
    changed = relations.letting_go(comment, KINDS["comment"], "person", {"b"})
    assert changed == {"replies": [{"person_id": "a", "mentions": ["c"]}]}
    assert relations.letting_go({"replies": None}, KINDS["comment"], "person", {"b"}) == {}
