"""Metadata descriptors below a production: the columns of its entities (docs/contract/production.md section 6)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.production import descriptor_values
from chalicelib.domain.slugs import slug
from chalicelib.domain.workflow.by_project import ByProject
from chalicelib.errors import Duplicate, Forbidden, Invalid, NotFound
from chalicelib.events.journal import emit_for
from chalicelib.records import names
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import METADATA_DESCRIPTOR
from chalicelib.records.record import Record
from chalicelib.records.validation import value_of
from chalicelib.store import reference
from chalicelib.store.changes import Changes, write

ENTITY_TYPES: Final = ("Asset", "Shot", "Sequence", "Episode", "Edit")

_of_project: Final = ByProject(METADATA_DESCRIPTOR)


def of_project(project: Record) -> Sequence[Record]:
    """All descriptors of a production."""
    return _of_project.of(project.id)


def visible(caller: Caller, found: Iterable[Record]) -> list[Record]:
    """Those a caller sees: clients what is for clients, vendors what is of no department or of theirs, others all."""
    if caller.is_client:
        return [one for one in found if one["for_client"]]
    if caller.is_vendor:
        return [one for one in found if not one["departments"] or caller.departments & set(one["departments"])]
    return list(found)


def hidden_keys(caller: Caller, project: Record, entity_type: str) -> frozenset[str]:
    """The keys of metadata that a caller is not shown, of entities of a kind: columns of others' departments, say."""
    declared = [one for one in of_project(project) if one["entity_type"] == entity_type]
    shown = {one.id for one in visible(caller, declared)}
    return frozenset(one["field_name"] for one in declared if one.id not in shown)


def listed(caller: Caller, project: Record) -> list[Record]:
    """The descriptors of a production by name and kind; clients get those for clients alone."""
    found = [one for one in of_project(project) if one["for_client"] or not caller.is_client]
    return sorted(found, key=lambda one: (one["name"].casefold(), one["entity_type"]))


def one(project: Record, descriptor_id: str) -> Record:
    """A descriptor of that very production; NotFound for any other."""
    found = reference.get(METADATA_DESCRIPTOR, descriptor_id)
    if found["project_id"] != project.id:
        raise NotFound(f"This production has no descriptor {descriptor_id!r}.", {"id": descriptor_id})
    return found


def may_write(caller: Caller, project: Record, departments: Iterable[str]) -> None:
    """Managers of the project; a supervisor of it whose own departments are all among those given, which are some."""
    checks.supervise_project(caller, project)
    named = set(departments)
    if caller.is_manager or (named and caller.departments <= named):
        return
    raise Forbidden("Name the departments you supervise.")


def create(caller: Caller, project: Record, given: Mapping[str, Any]) -> Record:
    """A new descriptor. given: name, data_type, entity_type, choices, for_client, departments."""
    may_write(caller, project, given["departments"])
    entity_type = given["entity_type"]
    if entity_type not in ENTITY_TYPES:
        raise Invalid("No kind of entity has columns by that name.", "entity_type", f"one of {', '.join(ENTITY_TYPES)}")
    values = {**_values(given), "project_id": project.id, "entity_type": entity_type}
    _refuse_taken(project, values, None)

    def command(changes: Changes) -> Record:
        record = changes.create(METADATA_DESCRIPTOR, values)
        emit_for(changes, record, "new")
        return record

    return write(command)


def change(caller: Caller, project: Record, descriptor: Record, given: Mapping[str, Any]) -> Record:
    """A descriptor with other values; what is absent of choices, for_client and departments is reset.

    With another key the values in the entities move first, so that a change which was cut off is finished by asking
    for it again.
    """
    may_write(caller, project, [*descriptor["departments"], *given["departments"]])
    values = _values(given)
    _refuse_taken(project, {**values, "entity_type": descriptor["entity_type"]}, descriptor)
    if values["field_name"] != descriptor["field_name"]:
        descriptor_values.rename(descriptor, values["field_name"])

    def command(changes: Changes) -> Record:
        record = changes.update(changes.read(METADATA_DESCRIPTOR, descriptor.id), **values)
        emit_for(changes, record, "update")
        return record

    return write(command)


def delete(caller: Caller, project: Record, descriptor: Record) -> None:
    """Takes a descriptor away, after its values in the entities of its kind."""
    may_write(caller, project, descriptor["departments"])
    descriptor_values.remove(descriptor)

    def command(changes: Changes) -> None:
        record = changes.read(METADATA_DESCRIPTOR, descriptor.id)
        changes.delete(record)
        emit_for(changes, record, "delete")

    write(command)


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    name = given["name"].strip()
    field_name = slug(name)
    if not field_name:
        raise Invalid("A descriptor needs a name with a letter or a digit.", "name", "a text that is not empty")
    fields = METADATA_DESCRIPTOR.by_name
    return {
        "name": value_of(fields["name"], name),
        "field_name": field_name,
        "data_type": value_of(fields["data_type"], given["data_type"]),
        "choices": given["choices"],
        "for_client": given["for_client"],
        "departments": [reference.get(DEPARTMENT, department).id for department in given["departments"]],
    }


def _refuse_taken(project: Record, values: Mapping[str, Any], besides: Record | None) -> None:
    # The guards refuse them too, but only after values were moved.
    for other in of_project(project):
        if other["entity_type"] != values["entity_type"] or (besides is not None and other.id == besides.id):
            continue
        if any(names.agrees(METADATA_DESCRIPTOR, other, {name: values[name]}) for name in ("name", "field_name")):
            raise Duplicate("This production has such a descriptor already.", "name", "one that is not taken")
