"""The page at `/`: what runs here and how to sign in."""

from dataclasses import dataclass
from html import escape
from string import Template

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vulpes</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; --soft: #8881; --quiet: #595f66; --accent: #0b5cad }
  @media (prefers-color-scheme: dark) { :root { --quiet: #a9b0b8; --accent: #7db7ff } }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
  h1 { margin: 0; line-height: 1.2 } h1 + p { margin: .2rem 0 1.5rem; color: var(--quiet) }
  h2 { margin: 2rem 0 .5rem; font-size: 1.25rem }
  a { color: var(--accent) }
  dl { display: grid; gap: .1rem 1.5rem } dt { color: var(--quiet); margin-top: .5rem } dd { margin: 0 }
  @media (min-width: 40rem) { dl { grid-template-columns: 8rem minmax(0, 1fr); gap: .5rem 1.5rem } dt { margin: 0 } }
  code, pre { font-family: ui-monospace, monospace; font-size: .92em; background: var(--soft); border-radius: 4px;
              padding: .1em .35em; overflow-wrap: anywhere }
  pre { padding: .8em 1em; overflow-x: auto }
</style>
</head>
<body>
<h1>Vulpes</h1>
<p>The Kitsu API for tracking animation and VFX productions, running on this machine.</p>
<dl>
  <dt>API</dt><dd><a href="$url/api">$url/api</a></dd>
  <dt>Documentation</dt><dd><a href="$url/api/apidocs">every route</a>,
    <a href="$url/api/openapi.json">as OpenAPI</a>; the guide is in the folder <code>docs/guide</code></dd>
  <dt>Administrator</dt><dd><code>$email</code> with the password <code>$password</code>$changed</dd>
  <dt>Production</dt><dd>$production</dd>
  <dt>Mail</dt><dd>is not sent; it lands in <code>$mail</code></dd>
  <dt>Data</dt><dd>$data</dd>
</dl>
<h2>Try it</h2>
<p>From Python, with <code>pip install gazu</code>:</p>
<pre>import gazu

gazu.set_host("$url/api")
gazu.log_in("$email", "$password")
for production in gazu.project.all_open_projects():
    print(production["name"])</pre>
<p>With curl:</p>
<pre>curl -s $url/api/auth/login -H 'Content-Type: application/json' \\
     -d '{"email": "$email", "password": "$password"}'</pre>
</body>
</html>
""")


@dataclass(frozen=True)
class Facts:
    """What the page tells."""

    url: str
    email: str
    password: str
    changed: str
    production: str
    mail: str
    data: str


def render(facts: Facts) -> str:
    """The page as HTML."""
    return _PAGE.substitute({name: escape(value) for name, value in vars(facts).items()})
