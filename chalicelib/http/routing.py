"""Declaring routes: an `Area` collects them, everything else (matcher, OpenAPI, role matrix) is read off them.

area = Area("tasks", "Tasks of productions")

@area.put("/data/tasks/{task_id}", access=rules.task_actor(), body=TaskChange, answer=Task)
def update_task(call: Call) -> dict[str, Any]:
    "Changes a task."
    return tasks.update(call.subject, call.body)
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

import msgspec

from chalicelib.http.call import AccessRule, Handler, Route


class Options(TypedDict, total=False):
    """What a declaration may say besides path and access; see `Route`."""

    body: Any
    query: Any
    answer: Any
    status: int
    form: bool
    files: bool
    text: int
    large: str | None
    changes: bool
    summary: str | None


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
