"""The documentation people read: one page, nothing of it from another host."""

import base64
import hashlib
import json
from html import escape
from typing import Any

from chalicelib.http.answers import Answer

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; position: sticky; top: .5rem; }
nav a { margin-right: .8rem; white-space: nowrap; }
details { border-bottom: 1px solid var(--line); padding: .3rem 0; }
summary { cursor: pointer; display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap; }
code, pre { font-family: ui-monospace, monospace; font-size: .92em; }
pre { background: var(--soft); padding: .6rem; overflow: auto; max-height: 24rem; }
.method { min-width: 4.5rem; font-weight: 600; }
.access { margin-left: auto; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; font-size: .85em; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .1rem .8rem .1rem 0; vertical-align: top; }
"""
_SCRIPT = """
const field = document.querySelector("input");
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("section")) {
    let shown = 0;
    for (const route of section.querySelectorAll("details")) {
      const text = route.querySelector("summary").textContent.toLowerCase();
      route.hidden = !words.every(word => text.includes(word));
      shown += route.hidden ? 0 : 1;
    }
    section.hidden = shown === 0;
  }
});
"""


def page(document: dict[str, Any], document_address: str = "openapi.json") -> Answer:
    """An OpenAPI document as HTML: routes by area, with their access rule, summary, parameters and bodies."""
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    found: dict[str, list[str]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_route(method, path, operation, document["components"]["schemas"]))
    areas = "".join(_area(tag, found[tag["name"]]) for tag in document["tags"])
    links = "".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name in found)
    count = sum(map(len, found.values()))
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><h1>{title}</h1>'
        f'<p>{count} routes. <a href="{escape(document_address)}">The OpenAPI document</a></p>'
        f'<input type="search" placeholder="Find a route" aria-label="Find a route"><nav>{links}</nav>'
        f"<main>{areas}</main><script>{_SCRIPT}</script></body></html>"
    )
    headers = {"Content-Security-Policy": _policy(), "Cache-Control": "no-cache"}
    return Answer(html.encode(), headers=headers, content_type="text/html; charset=utf-8")


def _policy() -> str:
    style, script = _digest(_STYLE), _digest(_SCRIPT)
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _anchor(name: str) -> str:
    return "area-" + escape(name.replace(" ", "-"))


def _area(tag: dict[str, str], routes: list[str]) -> str:
    name = tag["name"]
    text = "" if tag["description"] == name else f"<p>{escape(tag['description'])}</p>"
    return f'<section id="{_anchor(name)}"><h2>{escape(name)}</h2>{text}{"".join(routes)}</section>'


def _route(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    head = (
        f'<summary><code class="method">{method.upper()}</code><code>{escape(path)}</code>'
        f"<span>{escape(operation['summary'])}</span>"
        f'<span class="access">{escape(operation["x-access"])}</span></summary>'
    )
    rows = "".join(_parameter(one) for one in operation["parameters"])
    parameters = f"<h4>Parameters</h4><table>{rows}</table>" if rows else ""
    body = _content("Body", operation.get("requestBody", {}).get("content", {}), schemas)
    answers = ""
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answers += _content(f"Answer {status}", answer.get("content", {}), schemas) or f"<h4>Answer {status}</h4>"
    return f"<details>{head}{parameters}{body}{answers}</details>"


def _parameter(one: dict[str, Any]) -> str:
    kind = escape(str(one["schema"].get("type", "any")))
    said = escape(one.get("description", ""))
    return f"<tr><td><code>{escape(one['name'])}</code></td><td>{one['in']}</td><td>{kind}</td><td>{said}</td></tr>"


def _content(title: str, content: dict[str, Any], schemas: dict[str, Any]) -> str:
    """The schema of the first content type stands for all of them."""
    for kinds, entry in [(", ".join(content), entry) for entry in content.values()][:1]:
        schema = entry["schema"]
        shown = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
        text = escape(json.dumps(shown, indent=2))
        return f"<h4>{escape(title)} <small>{escape(kinds)}</small></h4><pre>{text}</pre>"
    return ""
