"""Bodies in: JSON, forms, multipart with files; base64 from API Gateway, raw bytes locally. One decoder for all.

Syntax is looked at before the access rule is checked, the declared type after it (contract: production.md, order of
checks): `read`, then `typed`.
"""

import binascii
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from chalicelib.errors import Invalid, TooLarge, UnsupportedMediaType
from chalicelib.http import multipart
from chalicelib.http.call import Call
from chalicelib.http.charsets import codec_of
from chalicelib.http.routing import passes_through

UPLOAD_ROUTE = "/data/preview-files/{id}/upload"
_MOST_FIELDS = 1000
_FORM = "application/x-www-form-urlencoded"
Fields = dict[str, list[str]]
_decode = msgspec.json.Decoder().decode


def read(call: Call, limit: int) -> None:
    """Fills `call.body` (decoded, not typed yet), `call.form` and `call.files` as the route wants them.

    Where nothing is sent, not even a content type, the query is the body of a route that names its fields.
    Errors: UnsupportedMediaType (415), TooLarge (413, `data.route` takes large files), Invalid (400).
    """
    route = call.route
    if not route.reads_body:
        return
    if route.text:
        call.body = _bytes_of(call.event, min(limit, route.text), "")
        return
    data = _bytes_of(call.event, limit, UPLOAD_ROUTE if route.large is None else route.large)
    kind, parameters = multipart.header_value(call.headers.get("content-type", ""))
    if not data and (route.form or (not kind and _fields(route.body))):
        call.body = unfolded(route.body, _single(call.query))
    elif call.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType("Bodies are taken without a content encoding.")
    elif kind == "multipart/form-data" and (route.form or route.files):
        fields, call.files = multipart.parse(data, parameters.get("boundary", ""))
        _take(call, fields)
    elif kind == _FORM and (route.form or route.files):
        _take(call, _urlencoded(data, parameters))
    elif route.body is None and not route.form:
        return
    elif kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        call.body = _json(data, parameters)
        if route.form and isinstance(call.body, dict):
            call.body = {**call.query, **call.body}
    else:
        raise UnsupportedMediaType("The content type must be application/json.", data={"expected": _expected(call)})


def typed(call: Call) -> None:
    """Makes `call.body` what the route declares; msgspec.ValidationError where it is something else.

    A number or a flag may come as text, in JSON as in a form: `"12"` is 12, `"true"` and `"1"` are true.
    """
    declared = call.route.body
    if declared is not None and not passes_through(declared):
        call.body = msgspec.convert(call.body, declared, strict=False)


def too_large(limit: int, way: str) -> TooLarge:
    """The refusal of a body over the limit; it names the route that takes large files, if any (design, section 3)."""
    if not way:
        return TooLarge(f"A body holds at most {limit} bytes; send several smaller files.", data={"limit": limit})
    message = f"A body holds at most {limit} bytes; larger files go to storage directly: POST {way}"
    return TooLarge(message, data={"limit": limit, "method": "POST", "route": way})


def _bytes_of(event: dict[str, Any], limit: int, way: str) -> bytes:
    body: str | bytes | None = event.get("body")
    if not body:
        return b""
    if len(body) * 3 // 4 > limit:
        raise too_large(limit, way)
    try:
        if isinstance(body, str):
            body = binascii.a2b_base64(body, strict_mode=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, ValueError):
        raise Invalid("The body did not arrive whole.", "body", "base64") from None
    if len(body) > limit:
        raise too_large(limit, way)
    return body


def _json(data: bytes, parameters: dict[str, str]) -> Any:
    codec = codec_of(parameters)
    try:
        if codec != "utf-8":
            data = data.decode(codec).encode()
        value = _decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as problem:
        raise Invalid(f"The body is no JSON: {problem}", "body", "JSON") from None
    if value is None:
        raise Invalid("The body is null.", "body", "JSON other than null")
    return value


def _take(call: Call, fields: Fields) -> None:
    call.form = {name: values[0] for name, values in fields.items()}
    call.body = unfolded(call.route.body, {**_single(call.query), **fields})


def _single(query: dict[str, str]) -> Fields:
    return {name: [value] for name, value in query.items()}


def _urlencoded(data: bytes, parameters: dict[str, str]) -> Fields:
    codec = codec_of(parameters)
    fields: Fields = {}
    try:
        pairs = parse_qsl(
            data.decode("ascii"), keep_blank_values=True, encoding=codec, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise Invalid("The body is no form.", "body", f"at most {_MOST_FIELDS} percent-encoded fields") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def unfolded(declared: Any, fields: Fields) -> dict[str, Any] | None:
    """The values of a form, as JSON would hold them.

    A list comes as JSON text, or as a field for each of its values (contract: clients.md, multipart); objects come as
    JSON text. Where no text is taken an empty one is nothing; of other fields the first value counts.
    """
    if declared is None:
        return None
    lists, folded = list_fields(declared), _folded_names(declared)
    found: dict[str, Any] = {}
    for name, values in fields.items():
        given = [value for value in values if value] if name in folded else values[:1]
        if name in lists and not (len(given) == 1 and given[0].startswith("[")):
            if given:
                found[name] = given if lists[name] else [_value(name, text) for text in given]
        elif given:
            found[name] = _value(name, given[0]) if name in folded else given[0]
    return found


def _value(name: str, text: str) -> Any:
    if text[:1] not in ("[", "{"):
        return text
    try:
        return _decode(text.encode())
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Invalid(f"The form field {name} is no JSON.", name, "JSON text") from None


@lru_cache(maxsize=256)
def _folded_names(declared: Any) -> frozenset[str]:
    """The fields of a body that take no text as it is."""
    if passes_through(declared):
        known = declared.schema().get("properties", {})
        return frozenset(name for name, shape in known.items() if _is_nested(shape.get("type")))
    return frozenset(field.encode_name for field in _fields(declared) if not _takes(field.type, "["))


@lru_cache(maxsize=256)
def list_fields(declared: Any) -> dict[str, bool]:
    """The fields of a body that are lists, and whether what they hold is text."""
    if passes_through(declared):
        known = declared.schema().get("properties", {})
        return {name: _holds_text(shape) for name, shape in known.items() if "array" in _kinds(shape.get("type"))}
    names = _folded_names(declared)
    return {
        field.encode_name: _takes(field.type, ["["])
        for field in _fields(declared)
        if field.encode_name in names and _takes(field.type, [])
    }


def _fields(declared: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    if not isinstance(declared, type) or not issubclass(declared, msgspec.Struct):
        return ()
    return msgspec.structs.fields(declared)


def _takes(kind: Any, value: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _holds_text(shape: dict[str, Any]) -> bool:
    return "object" not in _kinds(shape.get("items", {}).get("type"))


def _is_nested(kind: str | list[str] | None) -> bool:
    return not {"array", "object"}.isdisjoint(_kinds(kind))


def _kinds(kind: str | list[str] | None) -> list[str]:
    return [kind] if isinstance(kind, str) else kind or []


def _expected(call: Call) -> list[str]:
    forms = [_FORM, "multipart/form-data"] if call.route.form or call.route.files else []
    return ["application/json", *forms]
