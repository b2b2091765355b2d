"""Answers of routes, as the API document describes them: records, and shapes of our own."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from chalicelib.records import schema
from chalicelib.records.fields import Kind


class Success(msgspec.Struct):
    """It is done."""

    success: bool


Schema = dict[str, Any]

ID: Final[Schema] = {"type": "string", "format": "uuid"}
IDS: Final[Schema] = {"type": "array", "items": ID}
TEXT: Final[Schema] = {"type": "string"}
TRUTH: Final[Schema] = {"type": "boolean"}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


class Shown:
    """An answer that shows a record of a kind, or several; `more` are properties besides its fields."""

    def __init__(self, kind: Kind, many: bool = False, more: Schema | None = None) -> None:
        self._kind = kind
        self._many = many
        self._more = more or {}

    def schema(self) -> Schema:
        """Its JSON Schema, for the API document."""
        one = schema.of_answer(self._kind)
        one = {**one, "properties": {**one["properties"], **self._more}}
        return {"type": "array", "items": one} if self._many else one


class Part:
    """An answer that lists some fields of the records of a kind; `more` are properties besides them."""

    def __init__(self, kind: Kind, names: Iterable[str], more: Schema | None = None) -> None:
        self._kind = kind
        self._names = tuple(names)
        self._more = more or {}

    def schema(self) -> Schema:
        """Its JSON Schema, for the API document."""
        fields = {name: schema.of_field(self._kind.by_name[name]) for name in self._names}
        return {"type": "array", "items": {"type": "object", "properties": {**fields, **self._more}}}


class Shape:
    """An answer of our own shape, by its properties; or a list of such (`several`)."""

    def __init__(self, **properties: Schema) -> None:
        self._schema: Schema = {"type": "object", "properties": properties}

    @classmethod
    def several(cls, **properties: Schema) -> "Shape":
        """A list of objects of that shape."""
        made = cls(**properties)
        made._schema = {"type": "array", "items": made._schema}
        return made

    def schema(self) -> Schema:
        """Its JSON Schema, for the API document."""
        return self._schema


class Lists:
    """An answer that shows records of a kind by two words: `{list_type: {production: [records]}}`."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def schema(self) -> Schema:
        """Its JSON Schema, for the API document."""
        records = {"type": "array", "items": schema.of_answer(self._kind)}
        return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": records}}
