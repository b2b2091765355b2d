"""What the documents say is so."""

import importlib.util
import re
from pathlib import Path

import pytest

from infra import documents, event_document

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def test_the_list_of_routes_is_that_of_the_declarations() -> None:
    assert documents.TARGET.read_text() == documents.text(), "run: python -m infra.documents"


def test_the_list_of_events_is_what_routes_tell() -> None:
    assert event_document.TARGET.read_text() == event_document.text(), "run: python -m infra.documents"


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can name, as GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(_CODE.sub("", page.read_text())):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, place = target.partition("#")
        aimed = (page.parent / file).resolve() if file else page
        assert aimed.exists(), f"{target} leads nowhere"
        assert not place or place in anchors(aimed), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_are_there(page: Path) -> None:
    shown = "\n".join(_CODE.findall(page.read_text()))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", shown, re.MULTILINE)) <= targets
    for module in set(re.findall(r"python -m ((?:infra|tests)[\w.]*)", shown)):
        assert importlib.util.find_spec(module), f"python -m {module}: no such module"
