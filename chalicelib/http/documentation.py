"""The routes that describe the others: `/openapi.json` and, for people, `/apidocs`."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.http.answers import Answer, RawJson, encode
from chalicelib.http.call import AccessRule, Call
from chalicelib.http.routing import Area


def documentation(areas: Callable[[], Sequence[Area]], *, access: AccessRule, title: str, version: str) -> Area:
    """An area with both routes; `areas` is asked at the first request, so that it may name this area, too.

    The document is made at the first request, and once more for another prefix.
    """
    found = Area("documentation", "What the API consists of")

    @lru_cache(maxsize=4)
    def document_at(server: str) -> dict[str, Any]:
        # Only here: a container that is never asked need not load it.
        from chalicelib.http.openapi import document

        return document(areas(), title=title, version=version, server=server)

    @lru_cache(maxsize=4)
    def page_at(server: str) -> Answer:
        from chalicelib.http.documentation_page import page

        return page(document_at(server))

    @lru_cache(maxsize=4)
    def json_at(server: str) -> RawJson:
        return RawJson(encode(document_at(server)))

    @found.get("/openapi.json", access=access, summary="The OpenAPI document")
    def openapi_document(call: Call) -> RawJson:
        return json_at(_prefix(call))

    @found.get("/apidocs", access=access, answer="text/html", summary="The documentation as a page")
    def documentation_page(call: Call) -> Answer:
        return page_at(_prefix(call))

    return found


def _prefix(call: Call) -> str:
    """The path before the routes, a stage say; the host is the client's to choose and would fill the caches."""
    return urlsplit(call.base_url).path or "/"
