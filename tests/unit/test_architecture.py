"""The house: which part may know which, and how large a room gets."""

import ast
from collections.abc import Iterator
from functools import cache
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
    "interchange": {"access", "domain", "errors", "events", "interchange", "media", "records", "settings", "store"},
    "outgoing": {"outgoing", "settings"},
    "domain": {"access", "domain", "errors", "events", "mail", "media", "outgoing", "records", "settings", "store"},
    "functions": {
        "access",
        "domain",
        "errors",
        "events",
        "functions",
        "interchange",
        "media",
        "records",
        "settings",
        "store",
    },
    "media": {"errors", "media", "records", "settings", "store"},
}

# The rooms of the domain, from the lowest up: each knows those before it, none of those behind it (CONTRIBUTING.md).
ORDER = (
    "slugs",
    "periods",
    "commands",
    "workflow",
    "jobs",
    "outbox",
    "counters",
    "dependents",
    "crud",
    "people",
    "production",
    "entities",
    "schedule",
    "file_trees",
    "files",
    "notifications",
    "tasks",
    "publishing",
    "saved_searches",
    "search",
    "user_context",
    "news",
    "comments",
    "playlists",
    "chats",
    "journal",
    "live",
    "webhooks",
    "audit",
    "registry",
)


def modules(part: str) -> Iterator[Path]:
    yield from (ROOT / "chalicelib" / part).rglob("*.py")


@cache
def imports(module: Path) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a module, wherever in it."""
    return [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(module: Path) -> Iterator[str]:
    """What a module imports, wherever in it."""
    for node in imports(module):
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


def by_name() -> dict[str, Path]:
    """All modules of the app, by the name they are imported by."""
    found = {".".join(module.relative_to(ROOT).with_suffix("").parts): module for module in modules("")}
    return {name.removesuffix(".__init__"): module for name, module in found.items()}


def arrows() -> dict[str, set[str]]:
    """Which module of the app imports which."""
    known = by_name()
    return {
        name: {other for other in modules_named(module) if other in known} - {name} for name, module in known.items()
    }


def modules_named(module: Path) -> Iterator[str]:
    """What a module imports, `from package import module` as the module."""
    for node in imports(module):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_no_modules_import_each_other() -> None:
    """Neither at their head nor in a function: what imports nothing that is left goes, until nothing is left."""
    left = arrows()
    while free := [name for name, named in left.items() if not named & left.keys()]:
        for name in free:
            del left[name]
    assert left == {}, "these import each other, or what does"


def room(name: str) -> str:
    """The room that a module of the domain or of interchange is in."""
    return name.split(".")[2]


def in_the_domain() -> dict[str, set[str]]:
    """Which module of the domain imports which of its modules."""
    inside = {name: named for name, named in arrows().items() if name.startswith("chalicelib.domain.")}
    return {name: named & inside.keys() for name, named in inside.items()}


def test_the_rooms_of_the_domain_have_an_order() -> None:
    upward = {
        f"{name} -> {other}"
        for name, named in in_the_domain().items()
        for other in named
        if ORDER.index(room(other)) > ORDER.index(room(name))
    }
    assert upward == set()


def test_the_order_names_every_room_and_is_written_down() -> None:
    assert {room(name) for name in in_the_domain()} == set(ORDER)
    assert " < ".join(ORDER) in " ".join((ROOT / "CONTRIBUTING.md").read_text().split())


def test_formats_know_what_they_share_and_not_each_other() -> None:
    """Rooms of interchange: a format knows `rows`, and how CSV is read and written; `rows` knows no format."""
    shared = {"rows", "csv_reading", "csv_writing"}
    wrong = {
        f"{name} -> {other}"
        for name, named in arrows().items()
        for other in named
        if name.startswith("chalicelib.interchange.") and other.startswith("chalicelib.interchange.")
        if room(other) != room(name) and (room(other) not in shared or room(name) == "rows")
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
