"""What is at `/` beside the API: the page that tells what runs here, or a web interface (`--ui`)."""

from collections.abc import Callable
from typing import Final

from infra.local.wire import Reply, Request, plain, refusal
from infra.site.archive import Site

# Where the page that tells what runs here is, when a web interface has its place.
FACTS_PATH: Final = "/vulpes"
_READS: Final = frozenset({"GET", "HEAD"})


class Pages:
    """Answers what is neither of the API nor of the event stream."""

    def __init__(self, facts: Callable[[], str], site: Site | None = None) -> None:
        self._facts = facts
        self._site = site

    def answer(self, request: Request) -> Reply:
        """The reply to a request for a page or a file of it."""
        path = request.path
        if request.method not in _READS:
            return refusal(405, f"{request.method} is not for {path}; the API is below /api.")
        if path == (FACTS_PATH if self._site else "/"):
            return plain(200, self._facts(), "text/html; charset=utf-8")
        found = self._site.find(path) if self._site else None
        if found is not None:
            kept = [("Cache-Control", found.cache_control), ("X-Content-Type-Options", "nosniff")]
            return Reply(200, [("Content-Type", found.content_type), *kept], found.content)
        if path == "/favicon.ico":
            return Reply(204)
        return refusal(404, f"There is nothing at {path}; the API is below /api.")
