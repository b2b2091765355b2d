"""The table of all routes: which module declares which path, so that a request executes that module alone.

Executing all of them takes most of a cold start, and a request needs one (docs/adr/0019-route-table.md). The table is
made with the package (infra/aws/package.py); where there is none, all modules are executed as ever.
"""

import importlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chalicelib.http.call import Route
from chalicelib.http.routing import Area


@dataclass(frozen=True, slots=True)
class ListedRoute:
    """One method of one path, and the module whose `area` declares it."""

    method: str
    path: str
    module: str

    def declared(self) -> Route:
        """The route itself; its module is executed where it was not yet."""
        return _declarations(self.module)[self.method, self.path]


@cache
def _declarations(module: str) -> dict[tuple[str, str], Route]:
    area: Area = importlib.import_module(module).area
    return {(one.method, one.path): one for one in area.routes}


def write(areas: Mapping[str, Area], file: Path) -> None:
    """Writes the table of these areas, given by the names of their modules."""
    listed = {module: [[one.method, one.path] for one in area.routes] for module, area in areas.items()}
    file.write_text(json.dumps(listed, separators=(",", ":")))


def read(file: Path) -> Iterable[ListedRoute]:
    """The routes of a table."""
    return [
        ListedRoute(method, path, module)
        for module, routes in json.loads(file.read_bytes()).items()
        for method, path in routes
    ]
