"""The whole product as a person meets it: `python -m infra.local`, gazu, the quickstart, a restart."""

import contextlib
import email
import email.policy
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import gazu
import pytest
import requests

from infra.local.cloud import free_port

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import quickstart  # noqa: E402 - a script of the docs, no package

# gazu leaves the files it uploads open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Server:
    """`python -m infra.local` in a process of its own."""

    def __init__(self, *options: str, port: int = 0, **settings: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "infra.local", "--port", str(self.port), *options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VULPES_")}
        environment |= {f"VULPES_{name}": value for name, value in settings.items()}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if self.url in line:
                break

    def end(self, kill: bool = False) -> None:
        (self.process.kill if kill else self.process.terminate)()
        self.process.communicate(timeout=120)


@contextlib.contextmanager
def running(*options: str, **settings: str) -> Iterator[Server]:
    """settings: by their names without `VULPES_`."""
    server = Server(*options, **settings)
    try:
        yield server
    finally:
        server.end(kill=True)


def picture_at(address: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {gazu.client.default_client.access_token}"}
    return requests.get(address, headers=headers, timeout=60)


def test_the_quickstart_makes_a_thumbnail(capsys: pytest.CaptureFixture[str]) -> None:
    with running("--memory", "--empty") as server:
        address = quickstart.run(f"{server.url}/api")
        assert "Llama" in capsys.readouterr().out
        answer = picture_at(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")


def test_productions_and_pictures_outlive_a_kill(tmp_path: Path) -> None:
    with running("--data", str(tmp_path), "--empty") as first:
        address = quickstart.run(f"{first.url}/api")
    administer("password", quickstart.EMAIL, "--password", "set between", "--data", str(tmp_path))
    with running("--data", str(tmp_path), "--empty") as second:
        gazu.set_host(f"{second.url}/api")
        gazu.log_in(quickstart.EMAIL, "set between")
        assert "unless you chose another since" in requests.get(second.url, timeout=60).text
        project = gazu.project.get_project_by_name("Caminandes")
        assert [asset["name"] for asset in gazu.asset.all_assets_for_project(project)] == ["Llama"]
        assert picture_at(address.replace(first.url, second.url)).content.startswith(b"\x89PNG")
        entry = created(project["id"])
        assert entry["person_id"] == gazu.client.get_current_user()["id"]
        assert {"field": "name", "to": "Caminandes"}.items() <= entry["changes"][0].items()


def administer(*arguments: str) -> None:
    command = [sys.executable, "-m", "infra.admin", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def created(record_id: str) -> dict[str, Any]:
    """What the audit tells of the creation of a record, once it came through the stream."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        told = gazu.client.get(f"data/audit?record_id={record_id}")["data"]
        if told:
            entry: dict[str, Any] = told[-1]
            return entry
        threading.Event().wait(0.1)
    raise AssertionError(f"The audit does not tell of {record_id}.")


def test_the_demo_is_there_at_the_first_look() -> None:
    with running("--memory") as server:
        gazu.set_host(f"{server.url}/api")
        gazu.log_in(quickstart.EMAIL, quickstart.PASSWORD)
        project = gazu.project.get_project_by_name("Caminandes")
        shots = gazu.shot.all_shots_for_project(project)
        assert len(shots) == 6
        assert any(shot["preview_file_id"] for shot in shots)


def test_the_link_of_a_letter_opens_the_door(tmp_path: Path) -> None:
    with running("--data", str(tmp_path), "--empty") as server:
        who = {"email": "admin@example.com"}
        assert requests.post(f"{server.url}/api/auth/reset-password", json=who, timeout=60).status_code == 200
        (file,) = (tmp_path / "mail").glob("*.eml")
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        text = letter.get_body(("plain",))
        assert text is not None
        (link,) = (word for word in text.get_content().split() if word.startswith("http"))
        assert link.startswith(f"{server.url}/reset-change-password?")
        told = dict(parse_qsl(urlsplit(link).query))
        chosen = {**told, "password": "anothersecret", "password2": "anothersecret"}
        assert requests.put(f"{server.url}/api/auth/reset-password", json=chosen, timeout=60).status_code == 200
        login = {**who, "password": "anothersecret"}
        assert requests.post(f"{server.url}/api/auth/login", json=login, timeout=60).status_code == 200
