"""The routes: one module an area, declarations and handlers of a few lines."""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from chalicelib.http import route_table
from chalicelib.http.call import Declaration
from chalicelib.http.routing import Area, every

# In the package alone (chalicelib/http/route_table.py).
TABLE: Final = Path(__file__).with_name("table.json")


@lru_cache(maxsize=1)
def modules() -> dict[str, Area]:
    """The areas of all modules of this package, in the order of their names."""
    names = [one.name for one in pkgutil.walk_packages(__path__, f"{__name__}.")]
    found = {name: importlib.import_module(name) for name in names}
    return {name: module.area for name, module in found.items() if hasattr(module, "area")}


def areas() -> list[Area]:
    """The areas of all modules of this package."""
    return list(modules().values())


def declarations() -> Iterable[Declaration]:
    """All routes, as the app is given them: those of the package's table, else those of all areas."""
    return route_table.read(TABLE) if TABLE.exists() else every(areas())
