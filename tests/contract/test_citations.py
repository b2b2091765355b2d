"""What code and documents cite of the contract is there: the page, and the section of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.material import DESCRIPTION, PROJECT

CITED = re.compile(
    r"docs/contract/(\w+\.md)(?:,?\s+(?:sections?\s+)?(\d+(?:\.\d+)?(?:(?:,|,? and| to)\s+\d+(?:\.\d+)?)*))?"
)
HEADING = re.compile(r"^#+ (\d+(?:\.\d+)?)\.? ", re.MULTILINE)
# What a citation runs on behind at the end of a line: the marks of comments.
NEXT_LINE = re.compile(r"\n\s*#? ?")


def texts() -> Iterator[Path]:
    """The code, the tests and the documents, besides the contract itself."""
    for folder in ("chalicelib", "infra", "tests", "docs"):
        yield from (path for path in (PROJECT / folder).rglob("*") if path.suffix in (".py", ".md"))
    yield from (*PROJECT.glob("*.py"), *PROJECT.glob("*.md"))


def citations(text: str) -> Iterator[tuple[str, str | None]]:
    """The pages that a text cites, each with a section, or None for the whole of it."""
    for page, sections in CITED.findall(NEXT_LINE.sub(" ", text)):
        yield from ((page, number) for number in re.findall(r"\d+(?:\.\d+)?", sections) or [None])


PAGES = {path.name: set(HEADING.findall(path.read_text())) for path in DESCRIPTION.glob("*.md")}


def test_pages_and_sections_that_are_cited_are_there() -> None:
    wrong = [
        f"{path.relative_to(PROJECT)}: {page} {section or ''}"
        for path in texts()
        if DESCRIPTION not in path.parents and path != Path(__file__)
        for page, section in citations(path.read_text())
        if page not in PAGES or (section and section not in PAGES[page])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Says docs/contract/tasks.md.", [("tasks.md", None)]),
        ("(docs/contract/tasks.md 6.4)", [("tasks.md", "6.4")]),
        (
            "docs/contract/tasks.md sections 3, 4\n    # and 6.11, the rest",
            [("tasks.md", n) for n in ("3", "4", "6.11")],
        ),
        ("docs/contract/tasks.md 1.1, docs/contract/people.md 2", [("tasks.md", "1.1"), ("people.md", "2")]),
    ],
)
def test_citations_are_found(text: str, cited: list[tuple[str, str | None]]) -> None:
    assert list(citations(text)) == cited
