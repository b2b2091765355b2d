"""The routes that every kind of entity has, declared from its declaration.

Source: docs/contract/entities.md sections 3 to 6.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access.caller import Caller
from chalicelib.access.entities import project_asked, see_project_of
from chalicelib.access.rules import Asked, Rule
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.entities import boards, creation, deletion, detail, lists
from chalicelib.domain.entities.kinds import EPISODE, SEQUENCE, EntityKind
from chalicelib.domain.tasks import by_entity
from chalicelib.http.answers import Answer, RawJson, no_content, not_modified
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown


class NewEntity(msgspec.Struct):
    """What every new entity says."""

    name: str
    description: str | None = None
    data: dict[str, Any] | None = None


Check = Callable[[Caller, Record], None]
Test = Callable[[Caller], None]
_FILTERS: Final = {"project_id": "the production", "name": "% and _ are wildcards", "parent_id": "what it is in"}
_RELATIONS: Final = {"relations": "true adds the lists of ids"}
_HOLDERS: Final = (SEQUENCE, EPISODE)


def one(kind: EntityKind, *tests: Check, name: str = "project access") -> Rule:
    """A rule on the entity of a kind that the path names; one of another kind is not found."""
    return rules.of_record(name, ENTITY, kind.id_name, kind.require, *(tests or (see_project_of,)))


def reader(kind: EntityKind, *tests: Check) -> Rule:
    """Project access, and entity access where the kind has one of its own."""
    if kind.assigned_reads:
        return one(kind, checks.see_entity, *tests, name="entity access")
    return one(kind, see_project_of, *tests)


def and_also(rule: Rule, *tests: Test) -> Rule:
    """A rule that asks more of the caller; the same one where there is nothing to ask."""
    if not tests:
        return rule

    def check(call: Asked) -> None:
        rule.check(call)
        for test in tests:
            test(call.caller)

    return Rule(f"{rule.name}, no vendors, no clients", check)


def declare_one(area: Area, kind: EntityKind, *tests: Check) -> None:
    """Declares what concerns one entity: reading, its tasks and their types, removal. tests: more than access."""
    path = f"/data/{kind.plural}/{{{kind.id_name}}}"
    types = by_entity.types_below if kind in _HOLDERS else by_entity.own_types

    @area.get(path, access=reader(kind, *tests), answer=Shown(ENTITY), summary=f"Reads: {kind.word}.")
    def read_entity(call: Call) -> dict[str, Any]:
        return detail.in_full(call.caller, kind, call.subject)

    @area.get(
        f"{path}/tasks",
        access=reader(kind, *tests),
        query=_RELATIONS,
        answer=Shown(TASK, many=True),
        summary=f"The tasks of: {kind.word}.",
    )
    def list_tasks(call: Call) -> list[dict[str, Any]]:
        return by_entity.of_entity(call.subject, truth(call.query, "relations"))

    @area.get(
        f"{path}/task-types",
        access=reader(kind, *tests),
        answer=Shown(TASK_TYPE, many=True),
        summary=f"The types of the tasks of: {kind.word}.",
    )
    def list_task_types(call: Call) -> list[Any]:
        return types(call.subject)

    remover = one(kind, checks.create_or_remove_entity, name="creator, or manager of the project")

    @area.delete(path, access=remover, query={"force": "true"}, status=204, summary=f"Removes: {kind.word}.")
    def remove_entity(call: Call) -> Answer:
        deletion.remove(kind, call.subject, truth(call.query, "force"))
        return no_content()


def declare_lists(
    area: Area, kind: EntityKind, *paths: str, open_to_all: bool = False, tests: Sequence[Test] = ()
) -> None:
    """Declares the lists of a kind, at these ends of its path, and its board. tests: of the caller, besides access."""
    by_parent = kind.above.asked_as if kind.above else ""
    access = and_also(project_asked(*filter(None, [by_parent]), open_to_all=open_to_all), *tests)
    filters = {**_FILTERS, **({by_parent: "as parent_id"} if by_parent else {})}

    def list_entities(call: Call) -> list[Any]:
        return lists.named_rows(kind, lists.found(call.caller, kind, call.query, call.subject))

    for end in paths:
        declared = area.get(
            f"/data/{kind.plural}{end}",
            access=access,
            query=filters,
            answer=Shown(ENTITY, many=True),
            summary=f"Lists: {kind.plural}.",
        )
        declared(list_entities)

    @area.get(
        f"/data/{kind.plural}/with-tasks",
        access=and_also(project_asked(open_to_all=open_to_all), *tests),
        query={"project_id": "the production", "episode_id": "an episode", "id": "one alone"},
        summary=f"Lists with their tasks: {kind.plural}.",
    )
    def list_with_tasks(call: Call) -> RawJson | Answer:
        if "if-none-match" in call.headers:
            version = boards.version_unless_held(call.caller, kind, call.query, call.subject)
            if version is not None and call.knows(tag := f'W/"{version}"'):
                return not_modified(tag)
        answer = boards.with_tasks(call.caller, kind, call.query, call.subject)
        return RawJson(answer.data, f'W/"{answer.version}"')


def declare_of_project(area: Area, kind: EntityKind, filtered: bool = False, tests: Sequence[Test] = ()) -> None:
    """Declares the list of a kind in a production. tests: of the caller, besides access."""

    @area.get(
        f"/data/projects/{{project_id}}/{kind.plural}",
        access=and_also(rules.project_member(), *tests),
        answer=Shown(ENTITY, many=True),
        summary=f"Lists of a production: {kind.plural}.",
    )
    def list_of_project(call: Call) -> list[Any]:
        query: Mapping[str, str] = call.query if filtered else {}
        found = lists.found(call.caller, kind, query, call.subject)
        if call.caller.is_vendor and kind in _HOLDERS:
            return lists.untyped_rows(lists.parents_worked_on(call.caller, kind, found))
        return lists.rows_of(kind, found)


def declare_creation(
    area: Area, kind: EntityKind, body: type[msgspec.Struct], tests: Sequence[Test] | None = None
) -> None:
    """Declares the creation of a kind in a production: by its manager, or by who is in the team and passes `tests`."""
    maker = rules.project_manager() if tests is None else and_also(rules.project_member(), *tests)

    @area.post(
        f"/data/projects/{{project_id}}/{kind.plural}",
        access=maker,
        body=body,
        answer=Shown(ENTITY),
        status=201,
        summary=f"Creates: {kind.word}.",
    )
    def create_entity(call: Call) -> Any:
        made = creation.create(call.caller, call.subject, kind, msgspec.structs.asdict(call.body))
        return lists.rows_of(kind, [made])[0]
