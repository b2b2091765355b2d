"""`python -m infra.pictures [FOLDER]`: the pictures of the guide (docs/guide/pictures), made of the pages as they are.

Starts the local stack with the demo production in memory, lets a movie be reviewed in it, and opens what people see in
Chromium. Needs node and the browser that `make setup` installs on Linux.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from infra.aws.distribution import CONTENT_SECURITY
from infra.local.stack import EMAIL, PASSWORD, Stack
from infra.pictures.review import Review
from infra.site.archive import INDEX
from infra.site.own_page import own_site

ROOT: Final = Path(__file__).resolve().parents[2]
TARGET: Final = ROOT / "docs" / "guide" / "pictures"
_PHOTOGRAPH: Final = Path(__file__).with_name("photograph.mjs")
_WIDTH: Final = 960
_COLOURS: Final = 96
_SITE: Final = "https://kitsu.example.com"
# Opens one route of the documentation, as somebody who looks for it does.
_FIND: Final = """
    const field = document.querySelector("input");
    field.value = "tasks post comment";
    field.dispatchEvent(new Event("input"));
    document.querySelector("details:not([hidden])").open = true;
"""


class NotTaken(Exception):
    """A picture could not be taken, or shows what is wrong; the message says what."""


def take(folder: Path) -> None:
    """Writes all pictures into the folder; NotTaken where a page complains or does not fit its window."""
    folder.mkdir(parents=True, exist_ok=True)
    with Stack(memory=True) as stack:
        review = Review(stack, EMAIL, PASSWORD)
        api = f"{stack.url}/api/apidocs"
        pages = [
            {"name": "start", "url": f"{stack.url}/", "height": 760, "says": "Caminandes"},
            {"name": "api", "url": api, "height": 760, "script": _FIND, "says": r"\b\d{1,2} of \d+ routes"},
            {"name": "letter", "html": review.letter(), "height": 410, "says": "Mina Okafor mentioned you"},
            {"name": "password", "url": review.password_link(), "height": 460, "says": "Choose a password"},
            {"name": "movie", "html": _image(review.tiles()), "height": 404, "says": ""},
            {"name": "site", "url": f"{_SITE}/", "height": 440, "says": f"{_SITE}/api"},
        ]
        # What differs from one run to the next: port, folder, ids.
        shown = [
            [stack.url, "http://127.0.0.1:8080"],
            [str(stack.folder.path), "…/data"],
            ["[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…"],
        ]
        pages = [{"width": _WIDTH, **page} for page in pages]
        _photograph({"folder": str(folder), "shown": shown, "pages": pages, "site": _site()})
    for page in pages:
        _make_small(folder / f"{page['name']}.png")


def _image(address: str) -> str:
    return f'<body style="margin:0"><img alt="" style="display:block;width:100%" src="{address}">'


def _site() -> dict[str, Any]:
    """What is at the address of a stage on AWS, where the policy of the distribution holds."""
    files = {
        f"/{name}": {"text": file.content.decode(), "type": file.content_type}
        for name, file in own_site().files.items()
    }
    # Whatever CloudFormation calls its own there.
    policy = re.sub(r"\$\{[^}]+\}", "name", CONTENT_SECURITY)
    return {"address": _SITE, "policy": policy, "files": {**files, "/": files[f"/{INDEX}"]}}


def _photograph(wanted: dict[str, Any]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(wanted, file)
        file.flush()
        node = shutil.which("node")
        if node is None:
            raise NotTaken("Pictures are taken by Chromium under node, which is not here; `make setup` does the rest.")
        command = [node, str(_PHOTOGRAPH), file.name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise NotTaken(done.stderr)
    if problems := json.loads(done.stdout):
        raise NotTaken("\n".join(problems))


def _make_small(file: Path) -> None:
    """Few colours are enough for letters on paper."""
    from PIL import Image

    with Image.open(file) as picture:
        picture.convert("RGB").quantize(_COLOURS).save(file, optimize=True)
    file.chmod(0o644)


def main() -> int:
    """Runs the command; the exit status is 1 where a picture could not be taken."""
    parser = argparse.ArgumentParser(prog="python -m infra.pictures", description="The pictures of the guide.")
    parser.add_argument("folder", type=Path, nargs="?", default=TARGET, help="where they go (docs/guide/pictures)")
    try:
        take(parser.parse_args().folder.resolve())
    except NotTaken as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
