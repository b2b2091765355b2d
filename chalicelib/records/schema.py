"""JSON Schema of record kinds, for the API document."""

from typing import Any, Final

from chalicelib.records.fields import Field, Kind

_TYPES: Final[dict[str, dict[str, Any]]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    "string": {"type": "string"},
    "text": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "url": {"type": "string"},
    "ip": {"type": "string"},
    "timezone": {"type": "string"},
    "locale": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string"},
    "choice": {"type": "string"},
    "choice[]": {"type": "array", "items": {"type": "string"}},
    "string[]": {"type": "array", "items": {"type": "string"}},
}


def of_field(field: Field) -> dict[str, Any]:
    """The schema of one field; an empty one where any JSON value goes."""
    found = dict(_TYPES.get(field.type, {}))
    if not found:
        return {}
    if field.max_length:
        found["maxLength"] = field.max_length
    if field.choices and field.type == "choice":
        found["enum"] = [*field.choices, *([None] if field.nullable else [])]
    if field.nullable:
        found["type"] = [found["type"], "null"]
    return found


def of_body(kind: Kind, creating: bool) -> dict[str, Any]:
    """The schema of a body that creates or changes a record."""
    fields = [f for f in kind.fields if not (f.internal or f.computed or f.derived or f.type == "record")]
    taken = [f for f in fields if f.name not in ("id", "created_at", "updated_at") and (creating or not f.protected)]
    found: dict[str, Any] = {"type": "object", "properties": {f.asked_as: of_field(f) for f in taken}}
    required = [f.asked_as for f in taken if creating and not f.nullable and f.default is None]
    return {**found, "required": required} if required else found


def of_answer(kind: Kind) -> dict[str, Any]:
    """The schema of a record in an answer."""
    fields = {f.name: of_field(f) for f in kind.fields if not (f.secret or f.internal)}
    return {"type": "object", "properties": {**fields, "type": {"type": "string"}}}
