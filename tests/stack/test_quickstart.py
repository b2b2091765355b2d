"""The whole product as a person meets it: `python -m infra.local`, gazu, the quickstart, a restart."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gazu
import pytest
import requests

from infra.local.cloud import free_port

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))


class Server:
    """`python -m infra.local` in a process of its own."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "infra.local", "--port", str(self.port), *options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VULPES_")}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if self.url in line:
                break

    def end(self, kill: bool = False) -> None:
        (self.process.kill if kill else self.process.terminate)()
        self.process.communicate(timeout=20)


@pytest.fixture
def empty() -> Iterator[Server]:
    server = Server("--memory", "--empty")
    yield server
    server.end()


def test_the_quickstart_makes_a_thumbnail(empty: Server, capsys: pytest.CaptureFixture[str]) -> None:
    import quickstart

    address = quickstart.run(f"{empty.url}/api")
    assert "Llama" in capsys.readouterr().out
    headers = {"Authorization": f"Bearer {gazu.client.default_client.access_token}"}
    answer = requests.get(address, headers=headers, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")


def test_productions_and_pictures_outlive_a_kill(tmp_path: Path) -> None:
    import quickstart

    first = Server("--data", str(tmp_path), "--empty")
    address = quickstart.run(f"{first.url}/api")
    first.end(kill=True)

    second = Server("--data", str(tmp_path), "--empty")
    gazu.set_host(f"{second.url}/api")
    gazu.log_in(quickstart.EMAIL, quickstart.PASSWORD)
    project = gazu.project.get_project_by_name("Caminandes")
    assert [asset["name"] for asset in gazu.asset.all_assets_for_project(project)] == ["Llama"]
    headers = {"Authorization": f"Bearer {gazu.client.default_client.access_token}"}
    kept = requests.get(address.replace(first.url, second.url), headers=headers, timeout=10)
    assert kept.content.startswith(b"\x89PNG")
    second.end()
