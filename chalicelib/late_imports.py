"""Modules of the domain and of the formats are executed when something of them is first used, not when imported.

A request uses a few of three hundred modules, and a cold start that executes all of them takes nearly twice the CPU
(docs/adr/0019-late-imports.md). Python's own loader does it (`importlib.util.LazyLoader`): what `from chalicelib.domain
import chats` makes is read at the first `chats.…`. What is imported by its name (`from … import Upload`) is there at
once, as ever. Nothing may rely on being executed by an import alone: who collects declarations asks each module.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Final

LATE: Final = ("chalicelib.domain.", "chalicelib.interchange.")
# Before, two threads at once could see a module half executed (CPython issue 114763).
SAFE_SINCE: Final = (3, 12, 3)


class _LateFinder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del target
        if not fullname.startswith(LATE):
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None and spec.submodule_search_locations is None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


def install() -> None:
    """Has it so from now on, where Python is new enough; harmless when called twice."""
    if sys.version_info >= SAFE_SINCE and not any(isinstance(one, _LateFinder) for one in sys.meta_path):
        sys.meta_path.insert(0, _LateFinder())


def execute(*modules: ModuleType) -> None:
    """Executes modules that were only imported so far, for what they declare."""
    for module in modules:
        _ = module.__doc__
