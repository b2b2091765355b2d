"""From a path to a route: a trie over segments.

API Gateway refuses parameters inside a segment and siblings of different names, and Chalice's own matcher tries
every route in turn; so the app matches by itself (design, section 3). A literal segment beats one with a
parameter inside, that beats a parameter; where the better way leads nowhere the next is tried, method included.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote, unquote_to_bytes

from chalicelib.errors import Invalid, MethodNotAllowed, NotFound, VulpesError
from chalicelib.http.call import Declaration, Route

LONGEST_PATH = 4096
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class PathTooLong(VulpesError):
    """A path of more than `LONGEST_PATH` characters (414)."""

    status = 414


class Match(NamedTuple):
    """A route and the values of its parameters."""

    route: Route
    params: dict[str, str]


class _Pattern:
    """A segment with parameters inside: `{instance_id}.{extension}`."""

    __slots__ = ("between", "first", "last")

    def __init__(self, literals: list[str]) -> None:
        self.first, *self.between, self.last = literals

    @property
    def weight(self) -> int:
        """More literal text makes the better pattern."""
        return len(self.first) + len(self.last) + sum(map(len, self.between))

    def values(self, segment: str) -> list[str] | None:
        """What the parameters hold, none of it empty; None where the segment does not fit."""
        if not (segment.startswith(self.first) and segment.endswith(self.last)):
            return None
        rest = segment[len(self.first) : len(segment) - len(self.last)]
        found: list[str] = []
        for literal in reversed(self.between):
            rest, hit, value = rest.rpartition(literal)
            if not hit:
                return None
            found.append(value)
        found.append(rest)
        return found[::-1] if all(found) else None


class _Node:
    """One position of the trie; `leaf` has the routes that end here, by method, with their parameters' names."""

    __slots__ = ("leaf", "literals", "parameter", "patterns")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.patterns: list[tuple[_Pattern, _Node]] = []
        self.parameter: _Node | None = None
        self.leaf: dict[str, tuple[Declaration, tuple[str, ...]]] = {}

    def child(self, segment: str) -> "_Node":
        """The node for a declared segment, made where there is none yet."""
        if "{" not in segment:
            return self.literals.setdefault(segment, _Node())
        literals, _ = pieces(segment)
        if literals == ["", ""]:
            self.parameter = self.parameter or _Node()
            return self.parameter
        for known, node in self.patterns:
            if [known.first, *known.between, known.last] == literals:
                return node
        self.patterns.append((_Pattern(literals), _Node()))
        made = self.patterns[-1][1]
        self.patterns.sort(key=lambda entry: -entry[0].weight)
        return made


def pieces(declared: str) -> tuple[list[str], list[str]]:
    """The literal texts around the parameters of a declared path or segment, and the parameters' names."""
    first, *others = declared.split("{")
    literals, names = [first], []
    for other in others:
        name, _, literal = other.partition("}")
        names.append(name)
        literals.append(literal)
    return literals, names


class Matcher:
    """Finds routes; built once from all of them. ValueError where two routes cannot be told apart."""

    def __init__(self, routes: Iterable[Declaration] = ()) -> None:
        self._root = _Node()
        for route in routes:
            self.add(route)

    def add(self, route: Declaration) -> None:
        """Takes one more route in."""
        node = self._root
        for segment in _segments(route.path):
            node = node.child(segment)
        names = tuple(pieces(route.path)[1])
        if len(set(names)) != len(names):
            raise ValueError(f"{route.method} {route.path} names a parameter twice")
        if route.method in node.leaf:
            raise ValueError(f"{route.method} {route.path} is declared twice: {node.leaf[route.method][0].path}")
        node.leaf[route.method] = (route, names)

    def find(self, method: str, path: str) -> Match:
        """The route for a path as it came over the wire (percent-encoded).

        HEAD finds the GET. Errors: Invalid (400) and PathTooLong (414) for a path that is none, NotFound (404),
        MethodNotAllowed (405) with `data.allowed`.
        """
        segments = _decoded(path)
        values: list[str] = []
        others: set[str] = set()
        found = _walk(self._root, segments, 0, values, "GET" if method == "HEAD" else method, others)
        if found is not None:
            route, names = found
            return Match(route.declared(), dict(zip(names, values, strict=True)))
        if others:
            raise MethodNotAllowed(f"{method} is not allowed here.", data={"allowed": _with_implied(others)})
        raise NotFound("The requested path does not exist.")

    def methods(self, path: str) -> list[str]:
        """Every method the path knows, HEAD and OPTIONS included; NotFound for an unknown path."""
        others: set[str] = set()
        _walk(self._root, _decoded(path), 0, [], "", others)
        if not others:
            raise NotFound("The requested path does not exist.")
        return _with_implied(others)


def path_of(event: dict[str, Any]) -> str:
    """The path of an API Gateway event, without the base path of a custom domain.

    `path` is as the client encoded it but holds the base path; `pathParameters.proxy` lacks that but is decoded.
    """
    path: str | None = event.get("path")
    proxy: str | None = (event.get("pathParameters") or {}).get("proxy")
    if event.get("resource") == "/":
        return "/"
    if not path:
        return f"/{proxy or ''}"
    if proxy and event.get("resource") == "/{proxy+}" and path.strip("/") != proxy.strip("/"):
        plain, tail = unquote(path).rstrip("/"), "/" + proxy.strip("/")
        if plain.endswith(tail):
            base = plain[: -len(tail)].count("/")
            return "/" + "/".join(path.split("/")[base + 1 :])
    return path


def _with_implied(methods: set[str]) -> list[str]:
    return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))


def _segments(path: str) -> list[str]:
    trimmed = path.rstrip("/")
    return trimmed.split("/")[1:] if trimmed else []


def _decoded(path: str) -> list[str]:
    if len(path) > LONGEST_PATH:
        raise PathTooLong(f"A path has at most {LONGEST_PATH} characters.")
    if "\0" in path:
        raise Invalid("The path holds a NUL byte.")
    if "%" not in path and path.isascii():
        return _segments(path)
    if _BAD_ESCAPE.search(path):
        raise Invalid("The path holds a percent sign that no two hexadecimal digits follow.")
    try:
        segments = [unquote_to_bytes(segment).decode() for segment in _segments(path)]
    except UnicodeError:
        raise Invalid("The path is not UTF-8.") from None
    if any("\0" in segment for segment in segments):
        raise Invalid("The path holds a NUL byte.")
    return segments


def _walk(
    node: _Node, segments: list[str], at: int, values: list[str], method: str, others: set[str]
) -> tuple[Declaration, tuple[str, ...]] | None:
    """Depth first, the best child first; `values` holds the parameters of the way that was found."""
    if at == len(segments):
        found = node.leaf.get(method)
        if found is None:
            others.update(node.leaf)
        return found
    segment = segments[at]
    child = node.literals.get(segment)
    if child is not None and (found := _walk(child, segments, at + 1, values, method, others)):
        return found
    if not segment:
        return None
    held = len(values)
    for pattern, child in node.patterns:
        inside = pattern.values(segment)
        if inside is not None:
            values.extend(inside)
            if found := _walk(child, segments, at + 1, values, method, others):
                return found
            del values[held:]
    if node.parameter is not None:
        values.append(segment)
        if found := _walk(node.parameter, segments, at + 1, values, method, others):
            return found
        del values[held:]
    return None
