"""The page of a site without a web interface: what is here, and where a letter leads to choose a password."""

from pathlib import Path
from typing import Final

from infra.site.archive import INDEX, Site, SiteFile

SCRIPT: Final = "vulpes-page.js"
# What it loads and whom it asks is its own address. Where a distribution serves it, that one's policy holds.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FOLDER: Final = Path(__file__).parent


def own_site() -> Site:
    """The page and its script."""
    page = SiteFile((_FOLDER / "own_page.html").read_bytes(), "text/html; charset=utf-8", "no-cache")
    script = SiteFile((_FOLDER / "own_page.js").read_bytes(), "text/javascript; charset=utf-8", "no-cache")
    return Site({INDEX: page, SCRIPT: script})
