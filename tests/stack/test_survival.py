"""What is there again after a restart and a kill -9, and what is gone: records, files, messages; children, locks."""

import contextlib
import json
import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from infra.local.folder import DataFolder
from infra.local.problem import StartProblem
from infra.local.stack import Stack
from tests.stack.conftest import EchoApp, aws

TABLE = {
    "TableName": "vulpes",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


class Running:
    """A stack in another process."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.stack.run_stack", str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        addresses = self.told("url")
        self.url, self.cloud, self.database = addresses["url"], addresses["cloud"], addresses["database"]

    def told(self, name: str) -> Any:
        """Reads what the process prints up to a line that holds `name`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            if name in told:
                return told
        raise AssertionError(f"it ended without {name}: {self.errors()}")

    def errors(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    def kill(self) -> None:
        """As hard as it gets."""
        self.process.kill()
        self.process.communicate()

    def end(self) -> None:
        """In order."""
        with contextlib.suppress(OSError):
            self.process.communicate(timeout=120)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[], Running]]:
    running: list[Running] = []

    def start() -> Running:
        running.append(Running(tmp_path))
        return running[-1]

    yield start
    for one in running:
        one.kill()


def put(running: Running, name: str) -> None:
    item = {"pk": {"S": "studio"}, "sk": {"S": name}}
    aws("dynamodb", running.database).put_item(TableName="vulpes", Item=item)


def test_records_files_and_messages_survive_a_kill(run: Callable[[], Running], tmp_path: Path) -> None:
    first = run()
    aws("dynamodb", first.database).create_table(**TABLE)
    put(first, "before")
    assert first.told("changes")["changes"] == ["before"]
    aws("s3", first.cloud).put_object(Bucket="vulpes-files", Key="uploads/film.mov", Body=b"film" * 1000)
    put(first, "at the last moment")
    first.kill()

    (tmp_path / "working").touch()
    second = run()
    keys = {"pk": {"S": "studio"}, "sk": {"S": "at the last moment"}}
    assert "Item" in aws("dynamodb", second.database).get_item(TableName="vulpes", Key=keys)
    got = aws("s3", second.cloud).get_object(Bucket="vulpes-files", Key="uploads/film.mov")
    assert got["Body"].read() == b"film" * 1000
    [message] = second.told("messages")["messages"]
    assert json.loads(message)["Records"][0]["s3"]["object"]["key"] == "uploads/film.mov"
    put(second, "after")
    while "after" not in second.told("changes")["changes"]:
        pass
    second.end()
    changes = (tmp_path / "changes").read_text().splitlines()
    assert list(dict.fromkeys(changes)) == ["before", "at the last moment", "after"]


def test_no_child_outlives_a_kill(run: Callable[[], Running], tmp_path: Path) -> None:
    running = run()
    port = urlsplit(running.database).port
    running.kill()
    folder = DataFolder(tmp_path)
    folder.acquire(patience=60)  # the engine holds the folder as long as it lives
    folder.release()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0), timeout=60).close()


def test_a_data_folder_has_one_server(tmp_path: Path) -> None:
    refused = pytest.raises(StartProblem, match="Another server works on")
    with Stack(data=tmp_path, app=EchoApp()), DataFolder(tmp_path) as second, refused:
        second.acquire(patience=0)


def test_the_secret_stays_and_is_nobody_elses(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    secret = folder.secret()
    folder.release()
    again = DataFolder(tmp_path)
    assert (again.secret(), len(secret) > 40) == (secret, True)
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    again.release()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartProblem, match="cannot be written"):
        DataFolder(tmp_path / "file" / "data")


def test_without_data_nothing_stays(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), Stack(memory=True, app=EchoApp()) as stack:
        path = stack.folder.path
        assert requests.get(stack.url + "/api", timeout=60).content == b"nothing"
        page = requests.get(stack.url, timeout=60).text
        assert all(text in page for text in (stack.url + "/api", "admin@example.com", str(path / "mail")))
    assert not path.exists()
    assert caplog.records == []


def test_a_crashed_engine_is_started_again(tmp_path: Path) -> None:
    with Stack(data=tmp_path, app=EchoApp()) as stack:
        database = aws("dynamodb", stack.database_url)
        database.create_table(**TABLE)
        engine = stack.engine
        assert engine is not None
        engine.process.kill()
        engine.process.wait()
        engine.wait()
        assert database.list_tables()["TableNames"] == ["vulpes"]


def test_the_command_says_that_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "infra.local", "--port", str(port), "--data", str(tmp_path / "data")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Port {port} is taken by another program, or by Vulpes in another terminal.")
    assert "--port" in done.stderr
