"""A movie larger than a request holds, from a page that knows nothing of it (docs/adr/0018-large-uploads.md)."""

import hashlib
import json
import random
import subprocess
import time
from pathlib import Path

import imageio_ffmpeg
import pytest
import requests

from tests.browser.test_stored_files import Client, pytestmark
from tests.stack.test_quickstart import ROOT, running

__all__ = ["pytestmark"]
MEGABYTES = 60
# Posts as web interfaces do: one form, one request, its progress shown.
PAGE = """<!doctype html><html><head><title>Studio</title></head><body><input type="file"><script>
window.seen = [];
function upload() {
  const id = new URLSearchParams(location.search).get("id");
  const form = new FormData();
  form.append("file", document.querySelector("input").files[0]);
  const line = new XMLHttpRequest();
  line.open("POST", `/api/pictures/preview-files/${id}?normalize=false`);
  line.setRequestHeader("X-Of-The-Page", "kept");
  line.upload.addEventListener("progress", (event) => window.seen.push(event.loaded / event.total));
  line.addEventListener("load", () => (window.answer = { status: line.status, body: JSON.parse(line.responseText) }));
  line.addEventListener("error", () => (window.answer = { status: 0, body: "the line broke" }));
  line.send(form);
}
</script></body></html>"""


def movie(path: Path) -> bytes:
    """A second of film, and a box of the format that players skip, which makes it as large as wanted."""
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24:duration=1"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *source, "-pix_fmt", "yuv420p", "-y", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    filling = random.Random(7).randbytes(MEGABYTES * 1_000_000)
    content = path.read_bytes() + (len(filling) + 8).to_bytes(4, "big") + b"free" + filling
    path.write_bytes(content)
    return content


def slot(client: Client) -> str:
    """A preview on a comment, for a file to be sent to."""
    task = client.task()
    status = client.get(f"{client.url}/data/task-status").json()[0]["id"]
    comment = client.make(f"/actions/tasks/{task}/comment", json={"task_status_id": status, "comment": "film"})
    return str(client.make(f"/actions/tasks/{task}/comments/{comment['id']}/add-preview", json={})["id"])


def uploaded(url: str, token: str, preview_id: str, file: Path) -> dict[str, object]:
    cookie = {"name": "access_token_cookie", "value": token, "url": url}
    script = Path(__file__).with_name("large_upload.mjs")
    told = json.dumps({"cookie": cookie, "page": f"{url}/?id={preview_id}", "file": str(file)})
    command = ["node", str(script), told]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_a_large_movie_goes_on_after_the_page_and_the_line_broke(tmp_path: Path) -> None:
    content = movie(tmp_path / "film.mp4")
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text(PAGE)
    options = ("--memory", "--empty", "--as-on-aws", "--ui", str(tmp_path / "page"))
    with running(*options) as server, Client(server.url) as client:
        preview_id = slot(client)
        form = {"file": ("film.mp4", content[:5_000_000], "video/mp4")}
        refused = client.post(f"{client.url}/pictures/preview-files/{preview_id}", files=form)
        assert refused.status_code == 413, "the limit is on"
        found = uploaded(server.url, client.token, preview_id, tmp_path / "film.mp4")
        assert found["answer"]["status"] == 200, found["answer"]
        assert found["completions"] == 2, "the page hears nothing of the first one, which broke"
        assert found["answer"]["body"]["id"] == preview_id
        seen = found["seen"]
        assert seen[-1] == 1
        assert seen[0] > 0, "what arrived from the page that was closed is not sent again"
        assert sum(found["parts"]) < 2 * -(-len(content) // (8 * 1024**2))
        original = when_ready(client, preview_id)
    assert hashlib.sha256(original).digest() == hashlib.sha256(content).digest()


def when_ready(client: Client, preview_id: str) -> bytes:
    """The movie, as soon as it was looked at."""
    end = time.monotonic() + 60
    while (status := client.get(f"{client.url}/data/preview-files/{preview_id}").json()["status"]) == "processing":
        assert time.monotonic() < end, "it stays in processing"
    assert status == "ready"
    answer = requests.get(
        f"{client.url}/movies/originals/preview-files/{preview_id}.mp4",
        headers={"Authorization": f"Bearer {client.token}"},
        timeout=60,
    )
    return answer.content
