"""The contract of a folder is brought over whole: what is new, what changed, what is gone."""

import json
from pathlib import Path

import pytest

from tests.contract import material
from tests.contract.refresh import numbers_of, refresh


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A contract with one scenario."""
    folder = tmp_path / "source"
    for name in ("spec", "golden", "scenarios/_media", "scenarios/__pycache__"):
        (folder / name).mkdir(parents=True)
    for name in material.TABLES:
        (folder / name).write_text("[]")
    (folder / "spec/people.md").write_text("# People")
    (folder / "scenarios/_shared.py").write_text("ADMIN = 1")
    (folder / "scenarios/_media/small.png").write_bytes(b"\x89PNG")
    (folder / "scenarios/__pycache__/smoke.pyc").write_bytes(b"")
    add(folder, "smoke", 2)
    return folder


def add(folder: Path, name: str, steps: int) -> None:
    (folder / f"scenarios/{name}.py").write_text("def run(api): ...")
    (folder / f"golden/{name}.json").write_text(json.dumps([{"step": number} for number in range(1, steps + 1)]))


@pytest.fixture
def project(source: Path, tmp_path: Path) -> Path:
    """A project that holds that contract."""
    refresh(source, tmp_path / "project")
    return tmp_path / "project"


def test_a_contract_comes_over_whole(source: Path, project: Path) -> None:
    held = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert held == {
        "docs/contract/people.md",
        "tests/contract/golden/smoke.json.xz",
        "tests/contract/holding.json",
        "tests/contract/scenarios/_media/small.png",
        "tests/contract/scenarios/_shared.py",
        "tests/contract/scenarios/smoke.py",
        *(f"tests/contract/{name}" for name in material.TABLES),
    }
    assert material.golden("smoke", project / "tests/contract/golden") == [{"step": 1}, {"step": 2}]


def test_nothing_changes_where_nothing_is_new(source: Path, project: Path) -> None:
    assert refresh(source, project) == []


def test_what_changed_and_what_is_gone_is_told(source: Path, project: Path) -> None:
    add(source, "tasks", 1)
    (source / "scenarios/smoke.py").unlink()
    (source / "spec/people.md").write_text("# People and bots")
    assert refresh(source, project) == [
        "docs/contract/people.md",
        "tests/contract/golden/smoke.json.xz",
        "tests/contract/golden/tasks.json.xz",
        "tests/contract/holding.json",
        "tests/contract/scenarios/smoke.py",
        "tests/contract/scenarios/tasks.py",
    ]


def test_a_folder_that_is_no_contract_changes_nothing(source: Path, project: Path) -> None:
    (source / "golden/smoke.json").unlink()
    (source / "spec/people.md").write_text("# Other words")
    with pytest.raises(FileNotFoundError):
        refresh(source, project)
    assert (project / "docs/contract/people.md").read_text() == "# People"


def test_what_holds_stays_written_down_and_new_scenarios_begin_with_none() -> None:
    known = {"smoke": (3, 4), "gone": (1, 1), "shorter": (5, 6)}
    assert numbers_of({"smoke": 5, "tasks": 2, "shorter": 4}, known) == {
        "smoke": (3, 5),
        "tasks": (0, 2),
        "shorter": (4, 4),
    }
