"""The house: which part may know which, and how large a room gets."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOREIGN_TO_THE_DOMAIN = {"chalice", "boto3", "botocore", "pynamodb"}
# What each part may import of the others; a part that is not named may import all.
KNOWS = {
    "records": {"errors", "records"},
    "store": {"errors", "records", "settings", "store"},
    "http": {"errors", "http", "settings"},
    "access": {"access", "errors", "records", "settings", "store"},
    "events": {"errors", "events", "records", "settings", "store"},
    "mail": {"errors", "mail", "records", "settings", "store"},
    "interchange": {"access", "domain", "errors", "events", "interchange", "records", "settings", "store"},
    "domain": {"access", "domain", "errors", "events", "mail", "media", "records", "settings", "store"},
    "functions": {"access", "domain", "errors", "events", "functions", "media", "records", "settings", "store"},
    "media": {"errors", "media", "records", "settings", "store"},
}


def modules(part: str) -> Iterator[Path]:
    yield from (ROOT / "chalicelib" / part).rglob("*.py")


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "chalicelib":
                yield from (f"chalicelib.{name.name}" for name in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("part", sorted(KNOWS))
def test_imports_point_one_way(part: str) -> None:
    wrong = {
        f"{module.relative_to(ROOT)}: {name}"
        for module in modules(part)
        for name in imported(module)
        if name.startswith("chalicelib.") and name.split(".")[1] not in KNOWS[part]
    }
    assert wrong == set()


@pytest.mark.parametrize("part", ["domain", "interchange", "records", "access", "events"])
def test_the_domain_knows_no_framework_and_no_client(part: str) -> None:
    wrong = {
        f"{module.relative_to(ROOT)}: {name}"
        for module in modules(part)
        for name in imported(module)
        if name.split(".")[0] in FOREIGN_TO_THE_DOMAIN
    }
    assert wrong == set()


def test_nothing_that_is_packaged_needs_the_local_stack() -> None:
    packaged = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    assert [module for module in packaged if any(name.split(".")[0] == "infra" for name in imported(module))] == []


def test_nothing_scans_the_table() -> None:
    words = ("scan(", '"Scan"', "Scan,")
    wrong = [module for module in modules("") if any(word in module.read_text() for word in words)]
    assert wrong == []


def test_files_stay_readable() -> None:
    long = {
        str(module.relative_to(ROOT)): count
        for folder in ("chalicelib", "infra")
        for module in (ROOT / folder).rglob("*.py")
        if (count := len(module.read_text().splitlines())) > 400
    }
    assert long == {}
