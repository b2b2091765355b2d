"""What is added to the page of the web interface: a script that sends large files straight to the bucket."""

import re
from pathlib import Path
from typing import Final

from infra.site.archive import INDEX, Site, SiteFile

LARGE_UPLOADS: Final = "vulpes-large-uploads.js"
_SOURCE: Final = Path(__file__).with_name("large_uploads.js")
_HEAD: Final = re.compile(rb"<head(\s[^>]*)?>|<!doctype[^>]*>", re.IGNORECASE)
_TAG: Final = f'<script src="/{LARGE_UPLOADS}"></script>'.encode()


def with_scripts(site: Site) -> Site:
    """The site with our script, which its page loads before any of its own."""
    page = site.files[INDEX]
    script = SiteFile(_SOURCE.read_bytes(), "text/javascript; charset=utf-8", "no-cache")
    loading = SiteFile(_with_tag(page.content), page.content_type, page.cache_control)
    return Site({**site.files, INDEX: loading, LARGE_UPLOADS: script})


def _with_tag(page: bytes) -> bytes:
    places = list(_HEAD.finditer(page))
    head = next((place for place in places if place[0].lower().startswith(b"<head")), None)
    place = head or (places[0] if places else None)
    at = place.end() if place else 0
    return page[:at] + _TAG + page[at:]
