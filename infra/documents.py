"""Writes docs/api.md and docs/events.md: `python -m infra.documents`. A test fails where one of them is behind."""

import sys
from pathlib import Path

from chalicelib.http.routing import Area
from chalicelib.routes import areas
from infra import event_document

TARGET = Path(__file__).resolve().parents[1] / "docs" / "api.md"
CONTRACT_ROUTES = 658


def text() -> str:
    """The document: a table an area."""
    found = areas()
    count = sum(len(area.routes) for area in found)
    lines = [
        "# The API",
        "",
        f"{count} routes are declared, of the {CONTRACT_ROUTES} of Kitsu API 0.20.42 and a few of our own.",
        "Every installation describes its routes itself: `/openapi.json` for programs, `/apidocs` for people.",
        "This page is written by `python -m infra.documents`.",
    ]
    for area in found:
        lines += ["", f"## {area.name}", "", *_rows(area)]
    return "\n".join(lines) + "\n"


def _rows(area: Area) -> list[str]:
    rows = ["| route | who | |", "| --- | --- | --- |"]
    return rows + [
        f"| {route.method} `{route.path}` | {route.access.name} | {route.title} |"
        for route in sorted(area.routes, key=lambda route: (route.path, route.method))
    ]


if __name__ == "__main__":
    TARGET.write_text(text())
    event_document.TARGET.write_text(event_document.text())
    sys.exit(0)
