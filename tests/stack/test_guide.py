"""The Python of the guide runs as it stands, page by page, against the local stack."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import vulpes_client
from tests.stack.test_quickstart import ROOT, Server, running

GUIDE = ROOT / "docs" / "guide"
ADDRESS = "http://127.0.0.1:8080"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = [page.name for page in sorted(GUIDE.glob("*.md")) if _BLOCK.search(page.read_text())]

# gazu leaves the files it uploads open.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running("--memory", "--empty") as started:
        yield started


@pytest.fixture
def gazu_as_it_was() -> Iterator[None]:
    """What a page lets gazu do otherwise, it does no more after the page."""
    yield
    vulpes_client.uninstall()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("gazu_as_it_was")
def test_what_a_page_shows_runs(page: str, server: Server) -> None:
    blocks = _BLOCK.findall((GUIDE / page).read_text())
    program = "\n".join(blocks).replace(ADDRESS, server.url)
    exec(compile(program, str(Path("docs/guide") / page), "exec"), {})


def test_there_are_pages_to_run() -> None:
    assert {"first-hour.md", "gazu.md"} <= set(PAGES)
