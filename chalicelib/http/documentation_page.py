"""The documentation people read: one page, nothing of it from another host."""

import base64
import hashlib
import json
from html import escape
from typing import Any

from chalicelib.http.answers import Answer

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: #595f66;
  --get: #0b5cad; --post: #17713a; --put: #855300; --delete: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --quiet: #a9b0b8; --get: #7db7ff; --post: #7fdca0; --put: #f0c05a; --delete: #ff9d92; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem; }
a { color: var(--get); }
h1 { margin: .5rem 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2rem 0 .2rem; font-size: 1.25rem; }
h2::first-letter, nav a::first-letter { text-transform: uppercase; }
h3 { margin: 1rem 0 .3rem; font-size: 1em; } h3 small { font-weight: 400; color: var(--quiet); }
p { margin: .3rem 0 .6rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere; }
pre { margin: 0; background: var(--soft); padding: .6rem; overflow: auto; max-height: 24rem; }
.search { position: sticky; top: 0; z-index: 1; background: Canvas; padding: .6rem 0; display: flex; gap: 1rem;
  align-items: center; border-bottom: 1px solid var(--line); }
input { font: inherit; flex: 1; min-width: 0; padding: .5rem .7rem; border: 1px solid var(--quiet);
  border-radius: 6px; }
output { color: var(--quiet); white-space: nowrap; }
nav { display: flex; gap: .2rem .9rem; overflow-x: auto; padding: .6rem 0; }
nav a { white-space: nowrap; text-decoration: none; }
nav a:hover { text-decoration: underline; }
details { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .4rem 0; display: grid; gap: 0 .6rem; align-items: baseline;
  grid-template: "mark method access" "mark path path" "mark said said" / .8rem minmax(0, 1fr) auto; }
summary:hover { background: var(--soft); }
summary::before { content: "\\25B8"; grid-area: mark; color: var(--quiet); }
details[open] > summary::before { content: "\\25BE"; }
.method { grid-area: method; font-weight: 700; color: var(--put); }
.get { color: var(--get); } .post { color: var(--post); } .delete { color: var(--delete); }
.path { grid-area: path; font-weight: 600; } .said { grid-area: said; color: var(--quiet); }
.access { grid-area: access; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; font-size: .85em; }
.inside { padding: 0 0 1rem 1.4rem; overflow-x: auto; }
table { border-collapse: collapse; }
td, th { text-align: left; padding: .1rem .8rem .1rem 0; vertical-align: top; }
th { font-weight: 400; color: var(--quiet); }
@media (min-width: 56rem) {
  .columns { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 2rem; align-items: start; }
  nav { display: block; position: sticky; top: 4rem; max-height: calc(100vh - 5rem); overflow-y: auto; }
  nav a { display: block; padding: .1rem 0; }
  section:first-child h2 { margin-top: 1rem; }
  summary { grid-template: "mark method path access" "mark . said said" / .8rem 4rem minmax(0, 1fr) auto; }
  .inside { padding-left: 6.4rem; }
}
"""
_SCRIPT = """
const field = document.querySelector("input");
const told = document.querySelector("output");
const sections = [...document.querySelectorAll("section")].map(section => ({
  section,
  routes: [...section.querySelectorAll("details")].map(route => ({
    route, text: route.querySelector("summary").textContent.toLowerCase() })),
}));
const count = sections.reduce((sum, { routes }) => sum + routes.length, 0);
function find() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const { section, routes } of sections) {
    let shown = 0;
    for (const { route, text } of routes) {
      route.hidden = !words.every(word => text.includes(word));
      shown += route.hidden ? 0 : 1;
    }
    section.hidden = shown === 0;
    found += shown;
  }
  told.textContent = words.length ? `${found} of ${count} routes` : `${count} routes`;
}
function show() {
  const named = document.getElementById(location.hash.slice(1));
  if (!named) return;
  if (named.closest("[hidden]")) { field.value = ""; find(); }
  if (named.matches("details")) named.open = true;
  named.scrollIntoView();
}
field.addEventListener("input", find);
addEventListener("hashchange", show);
find();
show();
"""
_PARAMETER_HEAD = "<tr><th>name</th><th>in</th><th>type</th><th></th></tr>"
_INTRODUCTION = (
    "<p>Sign in with <code>POST /auth/login</code> (<code>email</code>, <code>password</code>) and send the "
    "<code>access_token</code> of its answer as <code>Authorization: Bearer …</code>. Each route says who may call it. "
    "An error is JSON with a <code>message</code> that names the field and what was expected.</p>"
)


def page(document: dict[str, Any], document_address: str = "openapi.json") -> Answer:
    """An OpenAPI document as HTML: routes by area, with their access rule, summary, parameters and bodies."""
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    found: dict[str, list[str]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_route(method, path, operation, document["components"]["schemas"]))
    tags = sorted(document["tags"], key=lambda tag: tag["name"].lower())
    areas = "".join(_area(tag, found[tag["name"]]) for tag in tags)
    links = "\n".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name in (tag["name"] for tag in tags))
    count = sum(map(len, found.values()))
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{title}</h1>{_INTRODUCTION}"
        f'<p><a href="{escape(document_address)}">The OpenAPI document</a>, for programs</p>'
        f'<div class="search"><input type="search" placeholder="Find a route: words of its path, text or access" '
        f'aria-label="Find a route"><output aria-live="polite">{count} routes</output></div>'
        f'<div class="columns"><nav aria-label="Areas">{links}</nav><main>{areas}</main></div>'
        f"<script>{_SCRIPT}</script></body></html>"
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
        f'<summary><code class="method {method}">{method.upper()}</code> <code class="path">{escape(path)}</code> '
        f'<span class="said">{escape(operation["summary"])}</span> '
        f'<span class="access">{escape(operation["x-access"])}</span></summary>'
    )
    rows = "".join(_parameter(one) for one in operation["parameters"])
    parameters = f"<h3>Parameters</h3><table>{_PARAMETER_HEAD}{rows}</table>" if rows else ""
    body = _content("Body", operation.get("requestBody", {}).get("content", {}), schemas)
    answers = ""
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answers += _content(f"Answer {status}", answer.get("content", {}), schemas) or f"<h3>Answer {status}</h3>"
    name = escape(operation["operationId"])
    inside = f'{parameters}{body}{answers}<p><a href="#{name}">Link to this route</a></p>'
    return f'<details id="{name}">{head}<div class="inside">{inside}</div></details>'


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
        return f"<h3>{escape(title)} <small>{escape(kinds)}</small></h3><pre>{text}</pre>"
    return ""
