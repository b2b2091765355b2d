"""`python -m tests.contract.refresh FOLDER`: brings the contract of a folder into the project, whole.

What the folder lacks goes here too, so that the project holds that very contract. How many steps of a scenario hold
stays as it is written down; scenarios that are new begin with none, and those that are gone are forgotten.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.contract import material
from tests.contract.material import Numbers

_HOLDING = "tests/contract/holding.json"
# What lies in these is the contract's alone.
_FOLDERS = ("docs/contract", "tests/contract/scenarios", "tests/contract/golden")


def refresh(source: Path, project: Path = material.PROJECT) -> list[str]:
    """Brings the contract of `source` over; gives the paths that changed, relative to the project.

    FileNotFoundError where the folder lacks something; nothing is changed then.
    """
    wanted = _wanted(source, project)
    gone = {str(path.relative_to(project)) for path in _held(project)} - wanted.keys()
    changed = [path for path, content in wanted.items() if _content(project / path) != content]
    for path in changed:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(wanted[path])
    for path in gone:
        (project / path).unlink()
    return sorted([*changed, *gone])


def _held(project: Path) -> list[Path]:
    """The files of the contract that the project holds now."""
    return [path for folder in _FOLDERS for path in (project / folder).rglob("*") if _counts(path)]


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _wanted(source: Path, project: Path) -> dict[str, bytes]:
    """The content of every file that the project is to hold, by its path in the project."""
    wanted = {f"tests/contract/{name}": (source / name).read_bytes() for name in material.TABLES}
    wanted |= {f"docs/contract/{path.name}": path.read_bytes() for path in (source / "spec").glob("*.md")}
    steps = {}
    for path in filter(_counts, (source / "scenarios").rglob("*")):
        wanted[f"tests/contract/{path.relative_to(source)}"] = path.read_bytes()
        if path.suffix == ".py" and not path.stem.startswith("_"):
            record = (source / "golden" / f"{path.stem}.json").read_bytes()
            wanted[f"tests/contract/golden/{path.stem}.json.xz"] = material.packed(record)
            steps[path.stem] = len(json.loads(record))
    known = material.holding((_content(project / _HOLDING) or b"{}").decode())
    return {**wanted, _HOLDING: material.holding_text(numbers_of(steps, known)).encode()}


def numbers_of(steps: dict[str, int], known: Numbers) -> Numbers:
    """The numbers to write down for scenarios of so many steps, from those that were known."""
    return {name: (min(known.get(name, (0, 0))[0], count), count) for name, count in steps.items()}


def main() -> int:
    """The command; 0 where the contract is here."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.refresh", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds spec/, scenarios/, golden/, routes.json and the other tables")
    folder = parser.parse_args().folder
    try:
        changed = refresh(folder)
    except FileNotFoundError as missing:
        print(f"{folder} is no contract: {missing.filename} is missing", file=sys.stderr)
        return 1
    print("\n".join(changed) or "Nothing changed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
