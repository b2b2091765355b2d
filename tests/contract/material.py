"""Where the material of the contract lies: scenarios, golden records, descriptions. What each is says README.md."""

import json
import lzma
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
DESCRIPTION = PROJECT / "docs" / "contract"
SCENARIOS = HERE / "scenarios"
GOLDEN = HERE / "golden"
HOLDING = HERE / "holding.json"
TABLES = ("routes.json", "models.json", "defaults.json", "ui_requests.json")
Step = dict[str, Any]
Numbers = dict[str, tuple[int, int]]


def table(name: str) -> Any:
    """One of the tables of the contract, by its name without `.json`."""
    return json.loads((HERE / f"{name}.json").read_text())


def scenario_names() -> list[str]:
    """The names of all scenarios; a file that begins with `_` is no scenario but what several share."""
    return sorted(path.stem for path in SCENARIOS.glob("*.py") if not path.stem.startswith("_"))


def golden(name: str, folder: Path = GOLDEN) -> list[Step]:
    """The steps of a scenario with the answers that the reference server gave."""
    steps: list[Step] = json.loads(lzma.decompress((folder / f"{name}.json.xz").read_bytes()))
    return steps


def packed(text: bytes) -> bytes:
    """A golden record as it is kept here; the same record always gives the same bytes."""
    return lzma.compress(text, preset=9)


def holding(text: str | None = None) -> Numbers:
    """How many steps of each scenario hold, and how many it has."""
    read = json.loads(HOLDING.read_text() if text is None else text)
    return {name: (held, steps) for name, (held, steps) in read.items()}


def holding_text(numbers: Numbers) -> str:
    """These numbers as they are written down, a line a scenario."""
    lines = ",\n".join(f'  "{name}": [{held}, {steps}]' for name, (held, steps) in sorted(numbers.items()))
    return f"{{\n{lines}\n}}\n"
