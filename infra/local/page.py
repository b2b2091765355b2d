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
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem;
         color: #222; background: #fff }
  h1 { margin-bottom: 0 } h1 + p { margin-top: 0; color: #666 }
  dt { font-weight: 600; margin-top: 1rem } dd { margin: 0 }
  code, pre { background: #f4f1ee; border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere }
  pre { padding: .8em 1em; overflow-x: auto }
  @media (prefers-color-scheme: dark) {
    body { color: #ddd; background: #1b1b1d } a { color: #f0a05a } code, pre { background: #2b2a2c }
  }
</style>
</head>
<body>
<h1>Vulpes</h1>
<p>The Kitsu API for tracking animation and VFX productions, running on this machine.</p>
<dl>
  <dt>The API</dt><dd><a href="$url/api">$url/api</a></dd>
  <dt>What it can do</dt><dd><a href="$url/api/apidocs">$url/api/apidocs</a>
    (<a href="$url/api/openapi.json">openapi.json</a>)</dd>
  <dt>Sign in</dt><dd><code>$email</code> with the password <code>$password</code></dd>
  <dt>Productions</dt><dd>$production</dd>
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
    production: str
    mail: str
    data: str


def render(facts: Facts) -> str:
    """The page as HTML."""
    return _PAGE.substitute({name: escape(value) for name, value in vars(facts).items()})
