"""Standing in for `gazu.client.upload`, so that nothing else of gazu, or of a script, has to change."""

import functools
import os
import re
from typing import Any, Optional, Union
from urllib.parse import parse_qs, urlsplit

import gazu

from .parts import Progress, send_file
from .progress import Bar

# A request to Vulpes on AWS takes 4.5 MB of a file.
LARGE = 4_000_000
_ROUTES = (
    (re.compile(r"^/?pictures/preview-files/([0-9a-f-]{36})/?$"), "data/preview-files/{}/upload"),
    (re.compile(r"^/?data/working-files/([0-9a-f-]{36})/file/?$"), "data/working-files/{}/upload"),
)
# What stands in for gazu's function keeps that one here.
_ORIGINAL = "vulpes_client_original"


def install(progress: Union[bool, Progress] = True, large: int = LARGE) -> None:
    """Lets gazu send large files in parts; harmless when called twice.

    progress: whether a bar is shown (where the standard error is a terminal), or a function that is called with the
    bytes that are there and all bytes. large: from how many bytes on.
    """
    uninstall()
    original = gazu.client.upload

    @functools.wraps(original)
    def upload(path: str, file_path: Optional[str] = None, *args: Any, **more: Any) -> Any:
        route = _route(path)
        plain = bool(args) or bool(more.get("files")) or bool(more.get("extra_files"))
        if route is None or plain or file_path is None or os.path.getsize(file_path) <= large:
            return original(path, file_path, *args, **more)
        client = more.get("client", gazu.client.default_client)
        shown = Bar(file_path) if progress is True else progress or None
        normalize = _normalize(path, more.get("data") or {})
        return send_file(client, route, file_path, normalize, shown)

    setattr(upload, _ORIGINAL, original)
    gazu.client.upload = upload


def uninstall() -> None:
    """Gives gazu its own way of sending files back."""
    gazu.client.upload = getattr(gazu.client.upload, _ORIGINAL, gazu.client.upload)


def _route(path: str) -> Optional[str]:
    """The route of uploads for a route of files; None where there is none."""
    for pattern, route in _ROUTES:
        found = pattern.match(urlsplit(path).path)
        if found:
            return route.format(found.group(1))
    return None


def _normalize(path: str, data: Any) -> bool:
    asked = parse_qs(urlsplit(path).query).get("normalize", [data.get("normalize", "true")])
    return str(asked[0]).lower() != "false"
