"""A data folder of a version that sorted records otherwise: this one finds them nevertheless."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads
from chalicelib.store.changes import write
from chalicelib.store.table import Item
from infra.local import layout
from infra.local.database import DatabaseClient
from infra.local.engine import Engine
from infra.local.folder import Progress
from infra.local.stack import KEY, REGION

ENTITY_ID = "0b5e0a00-0000-4000-8000-000000000001"


@pytest.fixture
def client(engine: Engine) -> Iterator[DatabaseClient]:
    opened = DatabaseClient(engine.url, REGION, KEY)
    yield opened
    opened.close()


def as_before(record: Record) -> None:
    """Has a record stand where a version may have put it that had other indexes."""
    item = Item.get(f"{record.home}#{record.kind.table}", record.id)
    item.l1, item.l2, item.l4 = "one place", None, "another"
    item.save()


def test_what_an_older_version_wrote_is_found_by_the_indexes_of_this_one(
    table: str, bucket: str, client: DatabaseClient, tmp_path: Path
) -> None:
    project = write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))
    home = keys.home_of_owner(project.id)
    values: dict[str, Any] = {"project_id": project.id, "entity_id": ENTITY_ID, "data": {"note": "x" * 450_000}}
    made = [write(lambda changes, name=name: changes.create(TASK, {"name": name, **values})) for name in ("one", "two")]
    deleted = write(lambda changes: changes.create(TASK, {"name": "three", **values}))
    write(lambda changes: changes.delete(deleted))
    for task in made:
        as_before(task)
    assert reads.query(TASK, home, "entity_id", ("^", ENTITY_ID)) == []

    progress = Progress(tmp_path / "progress.json")
    layout.arrange(client, table, progress)

    found = reads.query(TASK, home, "entity_id", ("^", ENTITY_ID))
    assert sorted(one.id for one in found) == sorted(one.id for one in made)
    assert {one.id: (one.version, one) for one in found} == {one.id: (one.version, one) for one in made}
    assert reads.rows_of(TASK, home, "task_type_id") == []
    assert reads.rows_of(TASK, home, "shotgun_id") == []
    assert reads.get(PROJECT, project.id) == project


def test_it_is_done_once_for_a_version(
    table: str, client: DatabaseClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    call = client.call
    monkeypatch.setattr(client, "call", lambda target, **payload: (asked.append(target), call(target, **payload))[1])
    progress = Progress(tmp_path / "progress.json")
    layout.arrange(client, table, progress)
    assert asked == ["DynamoDB_20120810.Scan"]
    layout.arrange(client, table, Progress(tmp_path / "progress.json"))
    assert len(asked) == 1
    monkeypatch.setattr(layout, "declared", lambda: "something else")
    layout.arrange(client, table, progress)
    assert len(asked) == 2
