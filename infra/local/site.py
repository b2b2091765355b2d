"""What is at `/` beside the API: the page that tells what runs here, or a web interface (`--ui`)."""

from collections.abc import Callable
from typing import Final

from infra.local.wire import Reply, Request, plain, refusal
from infra.site.archive import Site, SiteFile
from infra.site.own_page import POLICY, SCRIPT, own_site

# Where the page that tells what runs here is, when a web interface has its place.
FACTS_PATH: Final = "/vulpes"
_FACTS_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_READS: Final = frozenset({"GET", "HEAD"})


class Pages:
    """Answers what is neither of the API nor of the event stream."""

    def __init__(self, facts: Callable[[], str], site: Site | None = None) -> None:
        self._facts = facts
        self._site = site
        self._own = own_site()

    def answer(self, request: Request) -> Reply:
        """The reply to a request for a page or a file of it."""
        path = request.path
        if request.method not in _READS:
            return refusal(405, f"{request.method} is not for {path}; the API is below /api.")
        if path == (FACTS_PATH if self._site else "/"):
            reply = plain(200, self._facts(), "text/html; charset=utf-8")
            reply.fields.append(("Content-Security-Policy", _FACTS_POLICY))
            return reply
        found = self._site.find(path) if self._site else self._own_file(request)
        if found is not None:
            policy = [] if self._site else [("Content-Security-Policy", POLICY)]
            kept = [("Cache-Control", found.cache_control), ("X-Content-Type-Options", "nosniff"), *policy]
            return Reply(200, [("Content-Type", found.content_type), *kept], found.content)
        if path == "/favicon.ico":
            return Reply(204)
        return refusal(404, f"There is nothing at {path}; the API is below /api.")

    def _own_file(self, request: Request) -> SiteFile | None:
        """Without a web interface: a browser that follows the link of a letter gets our page, as on AWS."""
        reads_pages = "text/html" in request.headers.get("accept", "")
        return self._own.find(request.path) if reads_pages or request.path == f"/{SCRIPT}" else None
