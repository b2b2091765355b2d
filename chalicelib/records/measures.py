"""Numbers that people write into text fields of productions and entities, read in one way wherever they count."""

import math
import re
from typing import Final

USUAL_FPS: Final = 25.0
MOST_FPS: Final = 240.0
_RESOLUTION: Final = re.compile(r"(\d{3,4})x(\d{3,4})")
_HEIGHT: Final = re.compile(r"x(\d{3,4})")


def frames_per_second(*wanted: object) -> float:
    """The first of these that is a rate from above 0 to 240 (a comma is read as a point), else 25."""
    for value in wanted:
        try:
            fps = float(str(value).strip().replace(",", "."))
        except ValueError:
            continue
        if math.isfinite(fps) and 0 < fps <= MOST_FPS:
            return fps
    return USUAL_FPS


def resolution(text: object) -> tuple[int, int] | None:
    """Width and height of `1920x1080`; None for anything else."""
    found = _RESOLUTION.fullmatch(str(text or "").strip())
    return (int(found[1]), int(found[2])) if found else None


def height(text: object) -> int | None:
    """The height of `x1080`, which leaves the width open; None for anything else."""
    found = _HEIGHT.fullmatch(str(text or "").strip())
    return int(found[1]) if found else None
