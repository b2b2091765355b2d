"""The OpenAPI 3.1 document, read off the declared routes."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from chalicelib.http.call import ACCESS_COOKIE, Route
from chalicelib.http.matching import pieces
from chalicelib.http.routing import Area, every, passes_through

_PLACE = "#/components/schemas/{name}"
_ERROR = {"$ref": "#/components/responses/Error"}
_MEDIA_TYPE = re.compile(r"[\w.+*-]+/[\w.+*-]+")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_REFUSALS = {
    "400": "Wrong input; `data` names the field.",
    "401": "No token, or one that is expired or revoked.",
    "403": "The caller may not do that.",
    "404": "No such thing, or nothing the caller may know of.",
    "413": "The body is too large; `data.route` takes large files.",
    "415": "The body has another content type than the route reads.",
    "422": "The token is none.",
}


def document(areas: Iterable[Area], *, title: str, version: str, server: str = "/") -> dict[str, Any]:
    """The document for all routes of these areas; `server` is the address of the API, a path or a URL."""
    known = list(areas)
    routes = list(every(known))
    shapes, components = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    templates: dict[str, str] = {}
    names: Counter[str] = Counter()
    for route in routes:
        # Two paths that differ in the names of their parameters alone are one for OpenAPI: the first names them.
        template = templates.setdefault("{}".join(pieces(route.path)[0]).rstrip("/") or "/", route.path)
        paths.setdefault(template, {})[route.method.lower()] = _operation(route, template, shapes, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": server or "/"}],
        "tags": [{"name": area.name, "description": area.description or area.name} for area in known],
        "paths": paths,
        "components": {
            "schemas": {"Error": _error_schema(), **components},
            "responses": {"Error": _error_response("Any other failure.")} | _refusal_responses(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": ACCESS_COOKIE},
            },
        },
    }


def _operation(route: Route, template: str, shapes: dict[int, Any], names: Counter[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": _operation_id(route, names),
        "tags": [route.area],
        "summary": route.title,
        "security": [] if route.access.open else [{"bearer": []}, {"cookie": []}],
        "x-access": route.access.name,
        "parameters": _parameters(template, route.query),
        "responses": _responses(route, shapes),
    }
    if route.reads_body:
        found["requestBody"] = _request_body(route, shapes)
    return found


def _operation_id(route: Route, names: Counter[str]) -> str:
    name = re.sub(r"\W+", "_", f"{route.method.lower()} {route.path}".replace("-", "_")).strip("_")
    names[name] += 1
    return name if names[name] == 1 else f"{name}_{names[name]}"


def _parameters(template: str, query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in pieces(template)[1]
    ]
    for name, shape, text in _query(query):
        entry = {"name": name, "in": "query", "required": False, "schema": shape}
        found.append({**entry, "description": text} if text else entry)
    return found


def _query(query: Any) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Names, schemas and descriptions of the declared query."""
    if isinstance(query, Mapping):
        for name, said in query.items():
            yield (name, dict(said), "") if isinstance(said, Mapping) else (name, {"type": "string"}, str(said))
    elif isinstance(query, type):
        (reference,), components = msgspec.json.schema_components([query], ref_template=_PLACE)
        own = components[reference["$ref"].rpartition("/")[2]]
        for name, shape in own["properties"].items():
            # A nested type would need a component of its own, and a query holds none.
            yield name, shape if "$ref" not in str(shape) else {"type": "string"}, ""


def _request_body(route: Route, shapes: dict[int, Any]) -> dict[str, Any]:
    shape = shapes.get(id(route.body), {"type": "object"})
    content: dict[str, Any] = {}
    if route.body is not None or route.form:
        content["application/json"] = {"schema": shape}
    if route.form:
        content.update({kind: {"schema": shape} for kind in _FORMS})
    if route.files:
        file = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        content["multipart/form-data"] = {"schema": file if route.body is None else {"allOf": [shape, file]}}
    return {"required": not route.form, "content": content}


def _responses(route: Route, shapes: dict[int, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {str(route.status): _success(route, shapes)}
    if route.method == "GET" and route.status == 200:
        found["302"] = {"description": "The answer lies elsewhere: it is large, or a file."}
        found["304"] = {"description": "Nothing changed since the version of `If-None-Match`."}
        if _is_media(route.answer):
            found["206"] = {**found["200"], "description": "The range that was asked for."}
            found["416"] = _error_response("There is no such range.")
    refusals = {"400", "404"}
    if not route.access.open:
        refusals |= {"401", "403", "422"}
    if route.reads_body:
        refusals |= {"413", "415"}
    found.update({status: {"$ref": f"#/components/responses/E{status}"} for status in sorted(refusals)})
    found["default"] = _ERROR
    return found


def _success(route: Route, shapes: dict[int, Any]) -> dict[str, Any]:
    if route.status == 204:
        return {"description": "Done."}
    if _is_media(route.answer):
        return {"description": "The file.", "content": {route.answer: {"schema": {"type": "string"}}}}
    schema = shapes.get(id(route.answer), {})
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _is_media(answer: Any) -> bool:
    return isinstance(answer, str) and _MEDIA_TYPE.fullmatch(answer) is not None


def _schemas(routes: list[Route]) -> tuple[dict[int, Any], dict[str, Any]]:
    """A schema for each declared body and answer, by identity, and the components these point at."""
    declared = {id(one): one for route in routes for one in (route.body, route.answer) if one is not None}
    shapes: dict[int, Any] = {}
    types: dict[int, Any] = {}
    for key, one in declared.items():
        if isinstance(one, Mapping):
            shapes[key] = dict(one)
        elif passes_through(one):
            shapes[key] = one.schema()
        elif not isinstance(one, str):
            types[key] = one
    made, components = msgspec.json.schema_components(types.values(), ref_template=_PLACE)
    return {**shapes, **dict(zip(types, made, strict=True))}, components


def _error_schema() -> dict[str, Any]:
    properties = {
        "error": {"type": "string", "description": "For people."},
        "message": {"type": "string", "description": "The same text."},
        "data": {"description": "For programs: the field and what was expected, or null."},
    }
    return {"type": "object", "required": ["error", "message", "data"], "properties": properties}


def _error_response(description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _PLACE.format(name="Error")}}}
    return {"description": description, "content": content}


def _refusal_responses() -> dict[str, Any]:
    return {f"E{status}": _error_response(text) for status, text in _REFUSALS.items()}
