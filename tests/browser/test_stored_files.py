"""Files that others sent run no script in a browser that is signed in (docs/security.md)."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.stack.test_quickstart import ROOT, quickstart, running

# What `make setup` installs where npm is there; the browser is built for Linux alone.
HAS_BROWSER = sys.platform == "linux" and (ROOT / "node_modules" / "@sparticuz" / "chromium").is_dir()
pytestmark = [
    pytest.mark.skipif(not HAS_BROWSER, reason="npm installs the browser, on Linux"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SCRIPT = "fetch('{url}/ran/{name}', {{mode: 'no-cors'}})"
HTML = "<!doctype html><html><body><script>{script}</script></body></html>"
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body><script>{script}</script></body></html>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>{script}</script></svg>'
XSL = '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#x"?>' + XHTML
HOSTILE = (
    ("page.html", "text/html", HTML),
    ("page.txt", "text/html", HTML),
    ("page.png", "text/html", HTML),
    ("page.mp4", "text/html", HTML),
    ("page.pdf", "text/html", HTML),
    ("page", "text/html", HTML),
    ("page.xhtml", "application/xhtml+xml", XHTML),
    ("page.xml", "text/xml", XHTML),
    ("page.rdf", "application/rdf+xml", XHTML),
    ("style.xsl", "text/xsl", XSL),
    ("drawing.svg", "image/svg+xml", SVG),
    ("drawing.png", "image/svg+xml", SVG),
    ("page.mht", "multipart/related", HTML),
    ("page.js", "text/javascript", HTML),
)


class Collector(ThreadingHTTPServer):
    """Serves one page, and keeps what scripts ask of it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.ran: list[str] = []


class _Page(BaseHTTPRequestHandler):
    server: Collector

    def do_GET(self) -> None:
        if self.path.startswith("/ran/"):
            self.server.ran.append(self.path.removeprefix("/ran/"))
        body = HTML.format(script=SCRIPT.format(url=self.server.url, name="control")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Client(requests.Session):
    """A person who is signed in."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = f"{url}/api"
        sent = {"email": quickstart.EMAIL, "password": quickstart.PASSWORD}
        self.token = self.post(f"{self.url}/auth/login", json=sent).json()["access_token"]
        self.headers["Authorization"] = f"Bearer {self.token}"

    def make(self, path: str, **sent: Any) -> Any:
        reply = self.post(f"{self.url}{path}", **sent)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()

    def task(self) -> str:
        """A task to comment on."""
        project = self.make("/data/projects", json={"name": "Caminandes"})["id"]
        asset_type = self.get(f"{self.url}/data/asset-types").json()[0]["id"]
        asset = self.make(f"/data/projects/{project}/asset-types/{asset_type}/assets/new", json={"name": "Lama"})["id"]
        types = self.get(f"{self.url}/data/task-types").json()
        modeling = next(one["id"] for one in types if one["for_entity"] == "Asset")
        path = f"/actions/projects/{project}/task-types/{modeling}/assets/create-tasks"
        return str(self.make(path, json=[asset])[0]["id"])


def opened(url: str, token: str, urls: list[str]) -> dict[str, bool]:
    """Whether each of these was saved where somebody signed in opened it, and not shown."""
    cookie = {"name": "access_token_cookie", "value": token, "url": url}
    script = Path(__file__).with_name("open_pages.mjs")
    command = ["node", str(script), json.dumps({"cookie": cookie, "urls": urls})]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return {one["url"]: one["saved"] for one in json.loads(done.stdout)}


def test_no_attachment_runs_a_script(collector: Collector) -> None:
    with running("--memory", "--empty") as server, Client(server.url) as client:
        files = {
            str(number): (name, text.format(script=SCRIPT.format(url=collector.url, name=name)).encode(), mime)
            for number, (name, mime, text) in enumerate(HOSTILE)
        }
        statuses = client.get(f"{client.url}/data/task-status").json()
        status = next(one["id"] for one in statuses if one["is_default"])
        path = f"/actions/tasks/{client.task()}/comment"
        comment = client.make(path, data={"task_status_id": status, "comment": "Look"}, files=files)
        attached = comment["attachment_files"]
        assert len(attached) == len(HOSTILE)
        urls = [f"{client.url}/data/attachment-files/{one['id']}/file/{one['name']}" for one in attached]
        saved = opened(server.url, client.token, [*urls, collector.url])
        # A page of the collector's own runs what stands in it: the browser does run scripts.
        assert collector.ran == ["control"]
        shown = [one["name"] for one, url in zip(attached, urls, strict=True) if not saved[url]]
        assert set(shown) <= {"page.txt", "page.js"}, "what is shown is shown as plain text"
