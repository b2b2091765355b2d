"""The routes: one module an area, declarations and handlers of a few lines."""

import importlib
import pkgutil
from functools import lru_cache

from chalicelib.access.rules import anybody
from chalicelib.http.documentation import documentation
from chalicelib.http.routing import Area


@lru_cache(maxsize=1)
def areas() -> list[Area]:
    """The areas of all modules of this package, in the order of their names, and the API's documentation."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    found = [module.area for module in modules if hasattr(module, "area")]
    return [*found, documentation(areas, access=anybody, title="Vulpes: the Kitsu API", version="0.20.42")]
