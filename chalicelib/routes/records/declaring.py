"""The generic routes of record kinds that have a path: list, create, read, change, delete."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.access.rules import Asked, Rule, load
from chalicelib.domain.crud.collection import Collection
from chalicelib.errors import Invalid
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records import schema


class RecordBody:
    """The body of a generic write, described by the declaration of its kind."""

    def __init__(self, collection: Collection, creating: bool) -> None:
        self._collection = collection
        self._creating = creating

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, for the API document."""
        return schema.of_body(self._collection.kind, self._creating)


class RecordAnswer:
    """A generic answer, described by the declaration of its kind."""

    def __init__(self, collection: Collection, many: bool = False) -> None:
        self._collection = collection
        self._many = many

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, for the API document."""
        one = schema.of_answer(self._collection.kind)
        return {"type": "array", "items": one} if self._many else one


def existing(collection: Collection, malformed: int) -> Rule:
    """Signed in, about a record that exists; who may what, the collection's own rules say."""

    def check(call: Asked) -> None:
        call.subject = load(collection.kind, call.params["instance_id"], malformed)

    return Rule(f"the rules of {collection.kind.name}", check)


def fields_of(body: Any) -> Mapping[str, Any]:
    """A JSON body that is an object; Invalid for anything else."""
    if not isinstance(body, Mapping):
        raise Invalid("The body is not an object.", "body", "a JSON object")
    return body


def records(name: str, collections: Iterable[Collection]) -> Area:
    """The area with the five routes of each of these collections."""
    area = Area(name, "The generic records of each kind.")
    for collection in collections:
        if collection.kind.path:
            _declare(area, collection)
    return area


def _declare(area: Area, collection: Collection) -> None:
    kind = collection.kind
    assert kind.path is not None
    one = f"{kind.path.rstrip('/')}/{{instance_id}}"
    studio = Rule(f"the rules of {kind.name}")
    title = kind.table.replace("_", " ")

    @area.get(kind.path, access=studio, answer=RecordAnswer(collection, many=True), summary=f"Lists: {title}.")
    def list_records(call: Call) -> Any:
        return collection.list(call.caller, call.query)

    @area.post(
        kind.path,
        access=studio,
        body=RecordBody(collection, creating=True),
        answer=RecordAnswer(collection),
        status=201,
        summary=f"Creates: {title}.",
    )
    def create_record(call: Call) -> Any:
        return collection.answer_create(call.caller, fields_of(call.body))

    @area.get(
        one,
        access=existing(collection, collection.malformed_read),
        answer=RecordAnswer(collection),
        summary=f"Reads: {title}.",
    )
    def read_record(call: Call) -> Any:
        return collection.read(call.caller, call.subject, call.query)

    @area.put(
        one,
        access=existing(collection, 400),
        body=RecordBody(collection, creating=False),
        answer=RecordAnswer(collection),
        summary=f"Changes: {title}.",
    )
    def change_record(call: Call) -> Any:
        return collection.answer_change(call.caller, call.subject, fields_of(call.body))

    @area.delete(one, access=existing(collection, 400), status=204, summary=f"Deletes: {title}.")
    def delete_record(call: Call) -> Answer:
        collection.delete(call.caller, call.subject, call.query)
        return no_content()
