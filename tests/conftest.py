"""The stage of the tests: the embedded engine, a table of its own for each test, an in-process client."""

import contextlib
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import boto3
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from pynamodb.exceptions import PynamoDBException

os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_REGION="eu-west-1",
    AWS_DEFAULT_REGION="eu-west-1",
    AWS_EC2_METADATA_DISABLED="true",
    VULPES_TOKEN_SECRETS="a-secret-of-the-tests-that-is-long-enough",
    VULPES_BCRYPT_ROUNDS="4",
    VULPES_FFMPEG=get_ffmpeg_exe(),
)

from chalicelib.domain.people.second_factor import codes
from chalicelib.settings import current
from chalicelib.store import changes, json_services, session
from chalicelib.store import table as store_table
from infra.local.cloud import free_port
from infra.local.engine import Engine, find_engine
from infra.local.queues import ACCOUNT
from tests import aws_limits
from tests.client import ADMIN, PASSWORD, Api
from tests.prepared import forget, prepared

aws_limits.enforce()
_connect = socket.socket.connect


def _only_loopback(self: socket.socket, address: Any) -> Any:
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "localhost", "::1"):
        raise RuntimeError(f"A test tried to reach {address[0]}.")
    return _connect(self, address)


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _only_loopback)


@pytest.fixture(autouse=True)
def _within_the_limits_of_aws() -> Iterator[None]:
    """No test asks the database for what AWS would refuse."""
    aws_limits.broken.clear()
    yield
    assert aws_limits.broken == []


@pytest.fixture(autouse=True)
def _quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes recovery codes and codes by e-mail cheaply, as passwords are (`VULPES_BCRYPT_ROUNDS`)."""
    monkeypatch.setitem(codes.COST, "n", 2)


@pytest.fixture(autouse=True)
def _patient_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets each of a crowd try as long as a busy machine needs: while one waits for a core, all others are first."""
    monkeypatch.setattr(changes, "_SECONDS", 240.0)


def _quick_folder() -> str | None:
    """Where files cost no disk, so long as there is room; None for the usual place of what is temporary."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    return str(memory) if roomy else None


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The embedded DynamoDB engine."""
    with tempfile.TemporaryDirectory(prefix="vulpes-engine-", dir=_quick_folder()) as folder:
        started = Engine(find_engine(), Path(folder) / "records.db", free_port())
        started.start()
        started.wait()
        yield started
        started.stop()


class Database(Protocol):
    """What answers as DynamoDB at an address."""

    url: str


@contextlib.contextmanager
def empty_table(engine: Database) -> Iterator[str]:
    """A table of its own; everything held of another one is forgotten."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VULPES_TABLE", name)
        patch.setenv("VULPES_DYNAMODB_ENDPOINT", engine.url)
        current.cache_clear()
        store_table.bind(name, engine.url)
        store_table.Item.create_table(wait=False)
        forget()
        with session.opened():
            yield name
        forget()
        # The engine takes the longer for a new table, the more there are.
        store_table.bind(name, engine.url)
        with contextlib.suppress(PynamoDBException):
            store_table.Item.delete_table()
        json_services.disconnect()
    current.cache_clear()


@pytest.fixture
def table(engine: Engine) -> Iterator[str]:
    """An empty table for one test."""
    with empty_table(engine) as name:
        yield name


@pytest.fixture(scope="session")
def cloud() -> Iterator[str]:
    """S3, SQS and SES by moto, on loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = f"http://127.0.0.1:{server._server.server_port}"  # type: ignore[union-attr]
    yield url
    server.stop()


@pytest.fixture(scope="session")
def buckets(cloud: str) -> Any:
    """A client of S3."""
    return boto3.client("s3", region_name="eu-west-1", endpoint_url=cloud)


@pytest.fixture
def bucket(cloud: str, buckets: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket; queue and mail identity are there too."""
    from moto.ses.models import ses_backends
    from moto.sqs.models import sqs_backends

    name = f"bucket-{uuid.uuid4().hex[:12]}"
    for variable in ("VULPES_S3_ENDPOINT", "VULPES_SQS_ENDPOINT", "VULPES_SES_ENDPOINT"):
        monkeypatch.setenv(variable, cloud)
    monkeypatch.setenv("VULPES_BUCKET", name)
    current.cache_clear()
    # A local stack in the same process lets go of all that moto holds when it ends.
    ses_backends[ACCOUNT]["eu-west-1"].verify_email_identity(current().mail_sender)
    for queue in {current().media_queue, current().outbox_queue} - set(sqs_backends[ACCOUNT]["eu-west-1"].queues):
        boto3.client("sqs", region_name="eu-west-1", endpoint_url=cloud).create_queue(QueueName=queue)
    buckets.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return name


@pytest.fixture
def api(table: str) -> Api:
    """The app in process, the administrator signed in."""
    return prepared(signed_in_studio)


def default_studio() -> None:
    """Fills the table with the default data and the administrator."""
    from infra.admin import init_studio

    init_studio(ADMIN, PASSWORD)


def signed_in_studio() -> Api:
    """The default studio, and a client of the app as its administrator."""
    default_studio()
    return signed_in()


def signed_in() -> Api:
    """A client of the app, as the administrator."""
    from app import app

    client = Api(app)
    client.sign_in()
    return client
