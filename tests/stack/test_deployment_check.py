"""The check at the end of a deployment, as it is made there: its visitor, its picture, and nothing left of either."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.aws import smoke, visitor
from infra.aws.site_client import ask, sign_in
from infra.local.stack import EMAIL, PASSWORD
from tests.prepared import forget

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow
Told = dict[str, Any]


@pytest.fixture(scope="module")
def running() -> Iterator[Told]:
    command = [sys.executable, "-m", "tests.stack.run_deployed"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = next((line for line in process.stdout if line.startswith('{"outputs"')), "")
        assert first, "the stack did not start"
        told: Told = json.loads(first)
        yield told
        process.communicate(timeout=120)


@pytest.fixture
def deployed(running: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Where the stack is; who works on its table finds it as on AWS."""
    from chalicelib.store import json_services, session, table

    for name, value in running["settings"].items():
        monkeypatch.setenv(name, value)
    before = table.Item.Meta.table_name, table.Item.Meta.host, table.Item.Meta.region
    with session.opened():
        forget()
    yield running
    with session.opened():
        forget()
    json_services.disconnect()
    table.Item.Meta.table_name, table.Item.Meta.host, table.Item.Meta.region = before
    table.Item._connection = None


def left_in(deployed: Told) -> list[Any]:
    """What an administrator sees of visitors and of their productions, and what lies in the bucket."""
    site = deployed["outputs"]["SiteURL"]
    token = sign_in(site, EMAIL, PASSWORD)
    records = [json.loads(ask(site, f"/api/data/{kind}", token=token)) for kind in ("persons", "projects")]
    settings = deployed["settings"]
    s3 = boto3.client("s3", endpoint_url=settings["VULPES_S3_ENDPOINT"], region_name=deployed["region"])
    kept = s3.list_objects_v2(Bucket=deployed["outputs"]["FilesBucket"]).get("Contents", [])
    return [one for one in itertools.chain(*records) if visitor.NAME in json.dumps(one)] + [one["Key"] for one in kept]


def test_all_is_well_and_nothing_is_left(deployed: Told, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = deployed["outputs"]

    with visitor.visitor(outputs, deployed["region"]) as somebody:
        status = smoke.report(outputs["SiteURL"], patience=0, visitor=somebody, stack="vulpes-dev")

    told = capsys.readouterr()
    assert (status, told.err) == (0, "")
    assert told.out.count("well: ") == len(smoke.CHECKS) + 2
    assert left_in(deployed) == []


def test_a_check_that_breaks_off_leaves_nothing(deployed: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt), visitor.visitor(deployed["outputs"], deployed["region"]):
        raise KeyboardInterrupt
    assert left_in(deployed) == []

    def refused(*_: Any) -> str:
        raise RuntimeError("the table takes no more")

    monkeypatch.setattr(visitor, "_make_preview", refused)
    with pytest.raises(RuntimeError), visitor.visitor(deployed["outputs"], deployed["region"]):
        pytest.fail("there is no preview")
    assert left_in(deployed) == []


def test_what_a_killed_check_left_goes_with_the_next_one(deployed: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(visitor, "_remove_person", lambda person: None)
        killed.setattr(visitor, "_remove_project", lambda project: None)
        with visitor.visitor(deployed["outputs"], deployed["region"]):
            pass
    assert len(left_in(deployed)) == 2

    with visitor.visitor(deployed["outputs"], deployed["region"]):
        # Another one's may be under way.
        assert len(left_in(deployed)) == 4
    monkeypatch.setattr(visitor, "_LONGEST_SECONDS", 0)
    with visitor.visitor(deployed["outputs"], deployed["region"]):
        pass
    assert left_in(deployed) == []
