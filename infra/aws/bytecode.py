"""Compiling modules ahead for the Python of the runtime, whatever Python packages.

A function's folder is read-only, so without it every cold start compiles again. The bytecode of one Python is none for
another: where this one differs from the runtime's, CPython in WebAssembly compiles (Pyodide, from npm).
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from infra.aws.runtime import PackagingError, Runtime

_ROOT: Final = Path(__file__).parents[2]
_SCRIPT: Final = Path(__file__).with_name("compiling.py")
# Where Lambda unpacks a function: what a traceback names.
_PLACE: Final = "/var/task"


def write(folder: Path, runtime: Runtime, parts: Iterable[str] = (".",)) -> None:
    """Compiles the modules in parts of a folder. PackagingError where one does not compile, or nothing can compile."""
    command = [sys.executable, str(_SCRIPT)] if runtime.python == sys.version_info[:2] else _by_pyodide(runtime)
    done = subprocess.run([*command, str(folder), _PLACE, *parts], check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackagingError(f"the modules do not compile for Python {runtime.version}:\n{done.stdout}{done.stderr}")


def _by_pyodide(runtime: Runtime) -> list[str]:
    node = shutil.which("node")
    if node is None or not (_ROOT / "node_modules" / "pyodide").exists():
        raise PackagingError(
            f"the functions run Python {runtime.version}: compiling for it needs that Python "
            f"(make clean setup PYTHON=python{runtime.version}), or Node.js and what npm brings (make setup)"
        )
    return [node, str(_SCRIPT.with_name("bytecode.mjs")), runtime.version]
