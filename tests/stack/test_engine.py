"""The database engine: how it is found, what stands in for it, and its stream kept fast."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from infra.local.cloud import free_port
from infra.local.database import DatabaseClient
from infra.local.engine import Engine, EngineMissing, find_engine
from infra.local.folder import Progress
from infra.local.problem import StartProblem
from infra.local.stack import KEY, REGION, Stack
from infra.local.stream import StreamReader
from tests.stack.conftest import EchoApp, Seen, aws
from tests.stack.test_survival import TABLE


def test_without_npm_the_engine_is_missing_and_it_is_said_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineMissing, match="npm, which fetches it, is not on this machine"):
        find_engine(tmp_path)


def test_moto_stands_in_with_a_warning(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> Path:
        raise EngineMissing("there is no engine")

    monkeypatch.setattr("infra.local.stack.find_engine", missing)
    app, seen = EchoApp(), Seen()

    @app.on_dynamodb_record(stream_arn="the table's")
    def carry_on(event: object) -> None:
        for record in event:  # type: ignore[attr-defined]
            seen.add(record.new_image["sk"]["S"])

    with Stack(memory=True, app=app) as stack:
        database = aws("dynamodb", stack.database_url)
        database.create_table(**TABLE)
        database.put_item(TableName="vulpes", Item={"pk": {"S": "studio"}, "sk": {"S": "one"}})
        assert seen.wait_for(1) == ["one"]
        # It knows its table again, which moto gives no id.
        stack.is_filled()
    assert "there is no engine. moto stands in" in caplog.text


def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    file = tmp_path / "records.db"
    file.write_text("this is no database" * 100)
    engine = Engine(find_engine(), file, free_port())
    engine.start()
    with pytest.raises(StartProblem, match=r"did not start: .*not a valid SQLite database"):
        engine.wait()
    engine.stop()


def test_what_the_stream_delivered_is_forgotten_and_it_counts_on(tmp_path: Path) -> None:
    engine = Engine(find_engine(), tmp_path / "records.db", free_port())
    engine.start()
    engine.wait()
    database, client = aws("dynamodb", engine.url), DatabaseClient(engine.url, REGION, KEY)
    database.create_table(**TABLE)
    seen: list[str] = []

    def deliver(records: list[dict]) -> None:
        seen.extend(record["dynamodb"]["Keys"]["sk"]["S"] for record in records)

    reader = StreamReader(client, "vulpes", Progress(tmp_path / "progress.json"), deliver, pytest.fail)
    arn = client.describe("vulpes")["LatestStreamArn"]
    for number in range(150):
        database.put_item(TableName="vulpes", Item={"pk": {"S": "studio"}, "sk": {"S": str(number)}})
    while reader.step(arn):
        pass
    engine.trim_stream(150)
    with contextlib.closing(sqlite3.connect(tmp_path / "records.db")) as file:
        plan = (
            "EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name=''"
        )
        assert "vulpes_stream_order" in str(file.execute(plan).fetchall())
        assert file.execute("SELECT COUNT(*) FROM _stream_records").fetchone() == (100,)
    database.put_item(TableName="vulpes", Item={"pk": {"S": "studio"}, "sk": {"S": "150"}})
    assert reader.step(arn)
    assert seen == [str(number) for number in range(151)]
    client.close()
    engine.stop()


def test_a_stream_of_before_is_replaced_by_one_that_tells_what_was(tmp_path: Path) -> None:
    engine = Engine(find_engine(), tmp_path / "records.db", free_port())
    engine.start()
    engine.wait()
    database, client = aws("dynamodb", engine.url), DatabaseClient(engine.url, REGION, KEY)
    database.create_table(**TABLE | {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}})
    for _ in range(2):
        client.carry_old_images("vulpes")
    for value in ("before", "after"):
        database.put_item(TableName="vulpes", Item={"pk": {"S": "studio"}, "sk": {"S": "1"}, "at": {"S": value}})
    told: list[dict] = []
    reader = StreamReader(client, "vulpes", Progress(tmp_path / "progress.json"), told.extend, pytest.fail)
    assert reader.step(client.describe("vulpes")["LatestStreamArn"])
    assert told[-1]["dynamodb"]["OldImage"]["at"] == {"S": "before"}
    client.close()
    engine.stop()


def test_what_expired_is_removed_and_the_rest_stays(tmp_path: Path) -> None:
    engine = Engine(find_engine(), tmp_path / "records.db", free_port())
    engine.start()
    engine.wait()
    database = aws("dynamodb", engine.url)
    database.create_table(**TABLE)
    for name, lives in (("old", 1), ("young", 4_000_000_000), ("eternal", None)):
        item = {"pk": {"S": "studio"}, "sk": {"S": name}, **({"ttl": {"N": str(lives)}} if lives else {})}
        database.put_item(TableName="vulpes", Item=item)
    with contextlib.closing(DatabaseClient(engine.url, REGION, KEY)) as client:
        assert client.remove_expired("vulpes") == 1
    left = [item["sk"]["S"] for item in database.scan(TableName="vulpes")["Items"]]
    assert sorted(left) == ["eternal", "young"]
    engine.stop()
