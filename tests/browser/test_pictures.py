"""The pictures of the guide: each is made by the script, shows something, and is where the docs name it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.test_stored_files import HAS_BROWSER
from tests.stack.test_quickstart import ROOT

PICTURES = ROOT / "docs" / "guide" / "pictures"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMED = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]+)\)")
LARGEST = 150_000


def named() -> list[tuple[Path, str]]:
    """Each picture that a page shows, with its alternative text."""
    found = [(page, shown) for page in PAGES for shown in NAMED.finditer(page.read_text())]
    return [((page.parent / shown["path"]).resolve(), shown["alt"]) for page, shown in found]


def test_the_docs_show_the_pictures_that_there_are_and_say_what_is_on_them() -> None:
    assert {path for path, _ in named()} == set(PICTURES.iterdir())
    for path, alt in named():
        assert len(alt) > 20, path
        assert path.stat().st_size <= LARGEST


@pytest.mark.slow
@pytest.mark.skipif(not HAS_BROWSER, reason="npm installs the browser, on Linux")
def test_the_script_makes_each_picture(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "infra.pictures", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in PICTURES.iterdir()}
    for file in tmp_path.iterdir():
        with Image.open(file) as made, Image.open(PICTURES / file.name) as kept:
            assert made.size == kept.size
            colours = made.convert("RGB").getcolors(made.width * made.height)
            assert len(colours) > 16, f"{file.name} is blank"
            most = max(count for count, _ in colours)
            assert most < 0.99 * made.width * made.height, f"{file.name} is blank"
