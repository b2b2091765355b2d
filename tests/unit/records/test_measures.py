"""Rates and resolutions as people write them, read in one way."""

import re
from pathlib import Path

import pytest

from chalicelib.records import measures

CODE = Path(__file__).resolve().parents[3] / "chalicelib"


@pytest.mark.parametrize(
    ("wanted", "fps"),
    [
        ("23,976", 23.976),
        ("24", 24),
        (30, 30),
        (None, 25),
        ("fast", 25),
        ("nan", 25),
        ("0", 25),
        ("-1", 25),
        ("1e9", 25),
    ],
)
def test_a_rate_is_read(wanted: object, fps: float) -> None:
    assert measures.frames_per_second(wanted) == fps


@pytest.mark.parametrize(
    ("text", "size"), [("1920x1080", (1920, 1080)), (" 720x576 ", (720, 576)), ("x720", None), (None, None)]
)
def test_a_resolution_is_read(text: str | None, size: tuple[int, int] | None) -> None:
    assert measures.resolution(text) == size


def test_nothing_else_reads_a_rate() -> None:
    reads = re.compile(r"""float\([^)]*\[["']fps["']\]|float\([^)]*get\(["']fps["']\)""")
    assert [path.name for path in CODE.rglob("*.py") if reads.search(path.read_text())] == []
