"""Declaring routes: an `Area` collects them, everything else (matcher, OpenAPI, role matrix) is read off them.

area = Area("tasks", "Tasks of productions")

@area.put("/data/tasks/{task_id}", access=rules.task_actor(), body=TaskChange, answer=Task)
def update_task(call: Call) -> dict[str, Any]:
    "Changes a task."
    return tasks.update(call.subject, call.body)
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypedDict, Unpack

import msgspec

from chalicelib.http.call import Call

Handler = Callable[[Call], Any]


class AccessRule(Protocol):
    """Who may call a route. `identify` runs before the body is looked at, `check` after (design, section 3)."""

    @property
    def name(self) -> str:
        """How documentation and the role matrix call the rule."""

    @property
    def open(self) -> bool:
        """Whether nobody (no token) may call."""

    def identify(self, call: Call) -> None:
        """Sets `call.caller`; NotSignedIn or InvalidToken where there is no good token and one is needed."""

    def check(self, call: Call) -> None:
        """NotFound or Forbidden where the caller may not; may keep the record it read in `call.subject`."""


class Options(TypedDict, total=False):
    """What a declaration may say besides path and access; see `Route`."""

    body: Any
    query: Any
    answer: Any
    status: int
    form: bool
    files: bool
    summary: str | None


@dataclass(slots=True)
class Route:
    """One method of one path.

    `body`: a msgspec.Struct type (or `list[…]` of one), or an object whose `schema()` gives JSON Schema: then the
    JSON passes through as it is.
    `query`: for the documentation: a Struct type, or names with a description or a JSON Schema each.
    `answer`: for the documentation: a type, an object with `schema()`, or a content type ("image/png").
    `status`: the status of a plain return value. `form`: form fields and the query are the body, too.
    `files`: multipart with files.
    """

    method: str
    path: str
    handler: Handler
    access: AccessRule
    area: str
    body: Any = None
    query: Any = None
    answer: Any = None
    status: int = 200
    form: bool = False
    files: bool = False
    summary: str | None = None

    @property
    def reads_body(self) -> bool:
        """Whether what is sent is looked at; other routes ignore it."""
        return self.body is not None or self.form or self.files

    @property
    def title(self) -> str:
        """The summary, else the first line of the handler's docstring."""
        if self.summary:
            return self.summary
        lines = (self.handler.__doc__ or "").strip().splitlines()
        return lines[0] if lines else self.handler.__name__.replace("_", " ")


@dataclass(slots=True)
class Area:
    """The routes of one part of the API, in the order of their declaration."""

    name: str
    description: str = ""
    routes: list[Route] = field(default_factory=list)

    def get(self, path: str, *, access: AccessRule, **options: Unpack[Options]) -> Callable[[Handler], Handler]:
        """Declares a GET (HEAD comes with it)."""
        return self.declare("GET", path, access=access, **options)

    def post(self, path: str, *, access: AccessRule, **options: Unpack[Options]) -> Callable[[Handler], Handler]:
        """Declares a POST."""
        return self.declare("POST", path, access=access, **options)

    def put(self, path: str, *, access: AccessRule, **options: Unpack[Options]) -> Callable[[Handler], Handler]:
        """Declares a PUT."""
        return self.declare("PUT", path, access=access, **options)

    def delete(self, path: str, *, access: AccessRule, **options: Unpack[Options]) -> Callable[[Handler], Handler]:
        """Declares a DELETE."""
        return self.declare("DELETE", path, access=access, **options)

    def declare(
        self, method: str, path: str, *, access: AccessRule, **options: Unpack[Options]
    ) -> Callable[[Handler], Handler]:
        """Declares a route of any method; the handler itself stays a plain function.

        TypeError without an access rule, ValueError where the path does not begin with a slash.
        """
        if not hasattr(access, "identify") or not hasattr(access, "check"):
            raise TypeError(f"{method} {path}: a route needs an access rule, not {access!r}")
        if not path.startswith("/"):
            raise ValueError(f"{method} {path}: a path begins with a slash")

        def keep(handler: Handler) -> Handler:
            self.routes.append(Route(method, path, handler, access, self.name, **options))
            return handler

        return keep


def passes_through(declared: Any) -> bool:
    """Whether a declared body or answer describes itself by `schema()`, instead of being a type to convert to."""
    if isinstance(declared, type) and issubclass(declared, msgspec.Struct):
        return False  # it may have a field of that name
    return hasattr(declared, "schema")


def every(areas: Iterable[Area]) -> Iterator[Route]:
    """The routes of all areas."""
    for area in areas:
        yield from area.routes
