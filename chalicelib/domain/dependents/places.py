"""Where records may live that name others: in the studio, in a production, in all of them, with persons."""

from collections.abc import Sequence

from chalicelib.records.entities import may_be_cast_elsewhere
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.relations import Relation
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, keys, reads, reference


def lives_with_persons(kind: Kind) -> bool:
    """Whether records of a kind belong to persons."""
    return kind.home.owners == ("person_id",)


def lives_in_productions(kind: Kind) -> bool:
    """Whether records of a kind belong to productions, and not to persons or to the studio."""
    return bool(kind.home.named) and not lives_with_persons(kind)


def kinds_of_a_production() -> list[Kind]:
    """The kinds whose records live in the home of a production."""
    return [kind for kind in KINDS.values() if lives_in_productions(kind)]


def all_productions() -> list[str]:
    """The homes of all productions, and what belongs to none."""
    return [STUDIO, *(keys.home_of_owner(project_id) for project_id in reference.every(PROJECT))]


def all_persons() -> list[str]:
    """The homes of all persons."""
    return [keys.home_of_owner(person_id) for person_id in reference.every(PERSON)]


def is_wide(kind: Kind) -> bool:
    """Whether records of any production may name one of a kind: a person, a task type."""
    return kind is not PROJECT and not lives_in_productions(kind)


def homes_of(relation: Relation, named: Record) -> list[str]:
    """The homes in which records may name this one by a relation."""
    if not relation.kind.home.named:
        return [STUDIO]
    if lives_with_persons(relation.kind):
        return _persons(relation, named)
    if named.kind is PROJECT:
        return [keys.home_of_owner(named.id)]
    if is_wide(named.kind):
        return all_productions()
    own = named.home or homes.of(named.kind, named)
    elsewhere = all_productions() if relation.across and may_be_cast_elsewhere(named) else []
    return [own, *(home for home in elsewhere if home != own)]


def _persons(relation: Relation, named: Record) -> list[str]:
    if relation.path in relation.kind.home.owners:
        return [keys.home_of_owner(named.id)]
    if relation.listed_in:
        return [keys.home_of_owner(person_id) for person_id in named.get(relation.listed_in) or ()]
    return all_persons()


def with_told(named: Sequence[Record]) -> list[Record]:
    """Comments with the persons of their tasks who were notified, where their notifications are (a read a hundred)."""
    if not named or named[0].kind is not COMMENT:
        return list(named)
    tasks = {task.id: task for task in reads.get_many(TASK, {comment["object_id"] for comment in named})}
    told = {task_id: task.get("told") for task_id, task in tasks.items()}
    return [
        Record(COMMENT, {**one, "told": told.get(one["object_id"])}, one.version, one.texts, one.home) for one in named
    ]


def kinds_of(relations: Sequence[Relation]) -> list[Kind]:
    """The kinds that have these relations, each once."""
    return list(dict.fromkeys(relation.kind for relation in relations))
