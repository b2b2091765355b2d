"""Compiles modules, with whichever Python runs it: it is run by that of the runtime, or by Pyodide (bytecode.py)."""

import compileall
import sys
from pathlib import Path
from py_compile import PycInvalidationMode


def compile_parts(folder: str, place: str, *parts: str) -> bool:
    """Compiles the modules in parts of a folder, as of the place where they will lie; whether all of them could be.

    Unchecked hashes keep the result independent of file times, and so the package the same for the same source.
    """
    done = True
    for part in parts:
        path = Path(folder, part)
        compile_one = compileall.compile_dir if path.is_dir() else compileall.compile_file
        done &= bool(
            compile_one(
                str(path),
                quiet=1,
                force=True,
                stripdir=folder,
                prependdir=place,
                invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
            )
        )
    return done


if __name__ == "__main__":
    sys.exit(not compile_parts(*sys.argv[1:]))
