"""The package on Lambda: the real runtime client runs it, with a table made from the template."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bcrypt
import boto3
import pytest

from chalicelib.records.people import PERSON
from chalicelib.settings import current
from chalicelib.store import json_services, table
from chalicelib.store.changes import write
from infra.aws.package import Package
from infra.bench.runtime_api import Function, content, request
from infra.local.engine import Engine, find_engine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the package holds libraries for Linux")
TABLE = "vulpes-packaged"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    engine = Engine(find_engine(), tmp_path_factory.mktemp("engine") / "records.db", port)
    engine.start()
    engine.wait()
    yield engine.url
    engine.stop()


@pytest.fixture(scope="module")
def environment(template: dict[str, Any], database: str) -> dict[str, str]:
    """The environment of a function, with a table made of what the template says of it."""
    properties = template["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes", "BillingMode")
    client = boto3.client(
        "dynamodb",
        endpoint_url=database,
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_table(TableName=TABLE, **{name: properties[name] for name in wanted})
    return {
        "VULPES_TABLE": TABLE,
        "VULPES_DYNAMODB_ENDPOINT": database,
        "VULPES_TOKEN_SECRETS": "a-secret-of-this-test-and-of-nothing-else",
    }


@pytest.fixture(scope="module")
def administrator(environment: dict[str, str]) -> dict[str, str]:
    """An administrator in the table: what to sign in with."""
    password = bcrypt.hashpw(b"mysecretpassword", bcrypt.gensalt(4)).decode()
    person = {"first_name": "Ada", "last_name": "Admin", "email": "admin@example.com", "role": "admin"}
    before = table.Item.Meta.table_name, table.Item.Meta.host
    with pytest.MonkeyPatch.context() as changed:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            changed.setenv(name, "testing")
        changed.setenv("VULPES_DYNAMODB_ENDPOINT", environment["VULPES_DYNAMODB_ENDPOINT"])
        current.cache_clear()
        table.bind(environment["VULPES_TABLE"], environment["VULPES_DYNAMODB_ENDPOINT"])
        write(lambda changes: changes.create(PERSON, {**person, "password": password}))
        json_services.disconnect()
        table.bind(*before)
    current.cache_clear()
    return {"email": "admin@example.com", "password": "mysecretpassword"}


@pytest.fixture(scope="module")
def api(runnable: Package, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    with Function(runnable.folder, "app.app", environment, tmp_path_factory.mktemp("function")) as started:
        yield started


def test_the_root_says_which_api_it_is(api: Function) -> None:
    answer = api.invoke(request("GET", "/"))

    assert answer["statusCode"] == 200
    assert content(answer)["version"] == "0.20.42"


def test_an_unknown_path_is_answered_in_json(api: Function) -> None:
    answer = api.invoke(request("GET", "/no/such/path"))

    assert answer["statusCode"] == 404
    assert content(answer)["error"] == content(answer)["message"]


def test_an_administrator_signs_in(api: Function, administrator: dict[str, str]) -> None:
    answer = api.invoke(request("POST", "/auth/login", administrator))

    assert answer["statusCode"] == 200, content(answer)
    assert content(answer)["login"] is True
    assert content(answer)["access_token"].count(".") == 2


def test_a_wrong_password_signs_nobody_in(api: Function, administrator: dict[str, str]) -> None:
    answer = api.invoke(request("POST", "/auth/login", {**administrator, "password": "wrong"}))

    assert answer["statusCode"] == 400
    assert content(answer)["login"] is False


@pytest.mark.parametrize("name", ["media", "carry_events", "audit", "deliver"])
def test_a_function_of_a_queue_or_stream_takes_a_batch(
    runnable: Package, environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    with Function(runnable.folder, f"app.{name}", environment, tmp_path) as started:
        assert started.invoke({"Records": []}) in (None, {"batchItemFailures": []})


def test_a_letter_that_came_back_is_noted(
    runnable: Package, environment: dict[str, str], tmp_path: Path, api: Function, administrator: dict[str, str]
) -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:vulpes-MailFeedbackTopic-1"
    bounce = {
        "feedbackId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa068a-000000",
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": administrator["email"]}],
        "timestamp": "2026-01-27T14:59:38.237Z",
    }
    told = {
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": topic,
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps({"eventType": "Bounce", "bounce": bounce, "mail": {}}),
        "Timestamp": "2026-01-27T14:59:39.000Z",
        "MessageAttributes": {},
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": f"{topic}:1", "Sns": told}
    with Function(
        runnable.folder, "app.mail_feedback", {**environment, "VULPES_MAIL_TOPIC": topic}, tmp_path
    ) as started:
        assert started.invoke({"Records": [record]}) is None

    token = content(api.invoke(request("POST", "/auth/login", administrator)))["access_token"]
    asked = request("GET", "/data/persons")
    asked["headers"]["Authorization"] = f"Bearer {token}"
    asked["multiValueHeaders"]["Authorization"] = [f"Bearer {token}"]
    (person,) = content(api.invoke(asked))
    assert person["mail_problem"] == "bounced for good (General), 2026-01-27T14:59:38"


def test_the_sweep_runs_on_schedule(
    runnable: Package, environment: dict[str, str], tmp_path: Path, cloud: str, bucket: str
) -> None:
    files = {"VULPES_S3_ENDPOINT": cloud, "VULPES_SQS_ENDPOINT": cloud, "VULPES_BUCKET": bucket}
    tick = {
        "version": "0",
        "account": "123456789012",
        "region": "eu-west-1",
        "detail": {},
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2026-01-01T00:00:00Z",
        "id": "00000000-0000-0000-0000-000000000000",
        "resources": ["arn:aws:events:eu-west-1:123456789012:rule/sweep"],
    }
    with Function(runnable.folder, "app.sweep", {**environment, **files}, tmp_path) as started:
        assert started.invoke(tick) is None
