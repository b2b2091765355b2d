"""The audit, from a request through the stream to its route (docs/audit.md)."""

from typing import Any

import pytest

from chalicelib.domain.audit import items
from chalicelib.domain.jobs import deletions
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.people import ORGANISATION, PERSON, SEARCH_FILTER, SEARCH_FILTER_GROUP, SUBSCRIPTION
from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.tasks import COMMENT
from chalicelib.settings import current
from chalicelib.store import bulk_deletion, keys, reads, session
from chalicelib.store.changes import write
from infra.local.gateway import Context
from tests.unit.audit.conftest import Audited
from tests.unit.tasks.stage import Stage, change, create, now


def of(entry: dict[str, Any], field: str) -> tuple[Any, Any]:
    """From what to what a field changed."""
    (found,) = [one for one in entry["changes"] if one["field"] == field]
    return found.get("from"), found.get("to")


def test_a_change_tells_who_changed_what_from_what_to_what(api: Audited, stage: Stage) -> None:
    before = clock.now()
    answer = api.put(f"/data/tasks/{stage.task.id}", {"priority": 2, "estimation": 480}, user="manager")
    assert answer.status == 200
    api.carry()
    entry = api.told(record_id=stage.task.id)[0]
    assert before < entry.pop("created_at") < clock.now()
    assert keys.is_id(entry.pop("id"))
    assert entry == {
        "action": "update",
        "kind": "Task",
        "record_id": stage.task.id,
        "project_id": stage.project.id,
        "person_id": stage.people["manager"].id,
        "request_id": None,
        "changes": [
            {"field": "priority", "to": 2, "from": 0},
            {"field": "estimation", "to": 480.0, "from": 0.0},
        ],
    }


def test_a_creation_tells_what_is_not_as_usual_and_a_deletion_what_was(api: Audited, stage: Stage) -> None:
    path = f"/data/projects/{stage.project.id}/asset-types/{stage.kinds['Character'].id}/assets/new"
    made = api.post(path, {"name": "Dragon", "description": "Red"}, user="manager").json
    assert api.delete(f"/data/assets/{made['id']}", {"force": "true"}, user="admin").status == 204
    api.carry()
    deleted, created = api.told(record_id=made["id"])
    assert (created["action"], created["person_id"]) == ("create", stage.people["manager"].id)
    assert (deleted["action"], deleted["person_id"]) == ("delete", stage.people["admin"].id)
    assert of(created, "name") == (None, "Dragon")
    assert of(deleted, "description") == ("Red", None)
    assert "priority" not in {one["field"] for one in created["changes"]}


def test_what_goes_along_with_another_record_names_who_deleted_that(api: Audited, stage: Stage) -> None:
    comment = api.post(
        f"/actions/tasks/{stage.task.id}/comment",
        {"task_status_id": stage.statuses["wip"].id, "comment": "Starting"},
        user="user",
    ).json
    assert api.delete(f"/data/assets/{stage.lama.id}", {"force": "true"}, user="manager").status == 204
    api.carry()
    for record_id in (stage.lama.id, stage.task.id, comment["id"]):
        entry = api.told(record_id=record_id)[0]
        assert (entry["action"], entry["person_id"]) == ("delete", stage.people["manager"].id)


def test_an_order_is_kept_whatever_the_clocks_say(api: Audited, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    change(stage.task, priority=1)
    moment = clock.shift(clock.now(), seconds=-5)
    monkeypatch.setattr("chalicelib.store.transaction.clock.now", lambda: moment)
    change(stage.task, priority=2)
    monkeypatch.undo()
    api.carry()
    later, earlier = api.told(record_id=stage.task.id)[:2]
    assert (of(later, "priority"), of(earlier, "priority")) == ((1, 2), (0, 1))


def test_what_the_stream_gives_twice_is_told_once(api: Audited, stage: Stage) -> None:
    change(stage.task, priority=1)
    api.carry(times=2)
    for asked in ({"record_id": stage.task.id}, {"project_id": stage.project.id, "kind": "task"}):
        assert len([one for one in api.told(**asked) if one["action"] == "update"]) == 1


def test_what_tells_of_others_is_not_told(api: Audited, stage: Stage) -> None:
    path, body = f"/actions/tasks/{stage.task.id}/comment", {"task_status_id": stage.statuses["wip"].id}
    assert api.post(path, {**body, "comment": "Starting"}, user="user").status == 201
    api.carry()
    told = api.told(person_id=stage.people["user"].id)
    assert {(one["kind"], one["action"]) for one in told} == {("Comment", "create"), ("Task", "update")}


def test_of_secrets_it_is_told_that_they_changed(api: Audited, stage: Stage) -> None:
    mate = stage.people["user"]
    secrets = {"password": "$2b$04$Secret", "totp_secret": "TOTPSECRET", "otp_recovery_codes": ["RECOVERYCODE"]}
    change(mate, **secrets)
    organisation = next(iter(reads.query(ORGANISATION, "studio")))
    change(organisation, chat_token_slack="xoxb-of-the-studio")
    api.carry()
    for record, names in ((mate, set(secrets)), (organisation, {"chat_token_slack"})):
        entry = api.told(record_id=record.id)[0]
        assert [one for one in entry["changes"] if one["field"] in names] == [
            {"field": one.name, "withheld": True} for one in record.kind.fields if one.name in names
        ]


def test_long_values_are_told_as_they_begin(api: Audited, stage: Stage) -> None:
    change(stage.task, description="long " * 1000, data={"notes": "x" * 5000})
    change(stage.project, team=[*stage.project["team"], *(keys.new_id(PERSON, "studio") for _ in range(30))])
    api.carry()
    text, data = api.told(record_id=stage.task.id)[0]["changes"]
    assert (text["to"], text["cut"]) == (("long " * 1000)[:300], True)
    assert (data["to"][:10], len(data["to"]), data["cut"]) == ('{"notes":"', 300, True)
    (team,) = api.told(record_id=stage.project.id)[0]["changes"]
    assert (team["field"], team["cut"], len(team["added"])) == ("team", True, 20)


@pytest.mark.usefixtures("bucket")
def test_what_lies_in_the_bucket_is_compared_as_well(api: Audited, stage: Stage) -> None:
    change(stage.task, data={"notes": "x" * 200_000})
    change(stage.task, data={"notes": "x" * 200_000}, priority=2)
    api.carry()
    second, first = api.told(record_id=stage.task.id)[:2]
    assert [one["field"] for one in first["changes"]] == ["data"]
    assert [one["field"] for one in second["changes"]] == ["priority"]


def test_a_record_that_moves_is_told_of_in_both_productions(api: Audited, stage: Stage) -> None:
    other = stage.production("Other")
    change(stage.shot, project_id=other.id)
    api.carry()
    (gone,) = [one for one in api.told(project_id=stage.project.id, kind="entity") if one["action"] == "move-out"]
    (come,) = api.told(project_id=other.id, kind="entity")
    assert (gone["record_id"], come["record_id"], come["action"]) == (stage.shot.id, stage.shot.id, "move-in")


def test_managers_see_their_productions_and_nobody_below_sees_any(api: Audited, stage: Stage) -> None:
    other = stage.production("Other")
    entity = stage.entity("Elsewhere", "Character", project_id=other.id)
    change(stage.task, priority=1)
    change(stage.people["user"], phone="123")
    api.carry()
    assert {one["project_id"] for one in api.told(user="manager")} == {stage.project.id}
    assert {one["project_id"] for one in api.told()} == {stage.project.id, other.id, None}
    assert api.told(user="manager", record_id=entity.id) == []
    assert api.told(user="manager", record_id=stage.people["user"].id) == []
    assert api.get("/data/audit", {"project_id": other.id}, user="manager").status == 403
    for name in ("supervisor", "user", "client", "vendor"):
        assert api.get("/data/audit", user=name).status == 403


def test_what_people_keep_for_themselves_is_told_to_administrators_alone(api: Audited, stage: Stage) -> None:
    for name in ("user", "manager"):
        own = {"person_id": stage.people[name].id, "project_id": stage.project.id, "list_type": "asset", "name": name}
        mine = create(SEARCH_FILTER, search_query="mine", **own), create(SEARCH_FILTER_GROUP, color="#ffffff", **own)
        create(SUBSCRIPTION, person_id=stage.people[name].id, task_id=stage.task.id)
        for one in mine:
            assert api.put(f"{one.kind.path}{one.id}", {"name": "other"}).status == 200
    asked = {"list_type": "asset", "name": "x", "query": "y", "project_id": stage.project.id}
    assert api.post("/data/user/filters", asked, user="manager").status == 201
    api.carry()
    kinds = {"SearchFilter", "SearchFilterGroup", "Subscription"}
    assert {one["kind"] for one in api.told()} >= kinds
    own = [one for one in api.told(user="manager") if one["kind"] in kinds]
    assert [(one["kind"], one["person_id"]) for one in own] == [("SearchFilter", stage.people["manager"].id)]


def test_pages_follow_one_another_whatever_is_asked(api: Audited, stage: Stage) -> None:
    with session.opened(stage.people["manager"].id):
        for number in range(7):
            change(stage.task, sort_order=number + 1)
            stage.entity(f"Prop {number}", "Character")
    api.carry()
    for asked in (
        {"record_id": stage.task.id},
        {"person_id": stage.people["manager"].id},
        {"project_id": stage.project.id, "kind": "entity"},
        {},
    ):
        whole = api.told(**asked, limit=1000)
        paged, cursor = [], ""
        while cursor is not None:
            answer = api.get("/data/audit", {**asked, "limit": 3, "cursor": cursor}).json
            paged += answer["data"]
            cursor = answer["next_cursor"]
        assert paged == whole
        assert len(whole) >= 7


def test_a_span_of_time_bounds_what_is_told(api: Audited, stage: Stage) -> None:
    change(stage.task, priority=1)
    api.carry()
    tomorrow = clock.shift(clock.now(), days=1)[:10]
    for asked in ({"record_id": stage.task.id}, {}, {"project_id": stage.project.id}):
        assert api.told(after=tomorrow, **asked) == []
        assert api.told(before=tomorrow, **asked) == api.told(**asked) != []


@pytest.mark.parametrize(
    ("name", "value"), [("record_id", "x"), ("cursor", "x"), ("kind", "news"), ("limit", "0"), ("before", "soon")]
)
def test_a_malformed_question_is_refused(api: Audited, name: str, value: str) -> None:
    answer = api.get("/data/audit", {name: value})
    assert (answer.status, answer.json["data"]["field"]) == (400, name)


def test_every_answer_takes_few_reads(api: Audited, stage: Stage) -> None:
    with session.opened(stage.people["manager"].id):
        change(stage.task, priority=1)
    for number in range(3):
        stage.entity("Elsewhere", "Shot", project_id=stage.production(f"P{number}").id)
    api.carry()
    # Who asks; then the record, or the months of a person or of all homes, each of these that asks, and the entries.
    homes = len(next(reads.pages(keys.audit_months("homes"))))
    assert homes >= 5
    for asked, queries, gets in (
        ({"record_id": stage.task.id}, 1, 1),
        ({"person_id": stage.people["manager"].id}, 2, 2),
        ({"project_id": stage.project.id}, 2, 2),
        ({}, 1 + homes, 2),
    ):
        api.told(**asked)
        assert calls_of(api, asked) == {"Query": queries, "BatchGetItem": gets}


def calls_of(api: Audited, asked: dict[str, str]) -> dict[str, int]:
    """The reads of a request."""
    seen: list[session.Session] = []
    around = api.app._around

    def watched() -> Any:
        made = around()

        class Watched:
            def __enter__(self) -> None:
                seen.append(made.__enter__())

            def __exit__(self, *problem: Any) -> Any:
                return made.__exit__(*problem)

        return Watched()

    api.app._around = watched
    try:
        api.told(**asked)
    finally:
        api.app._around = around
    return seen[0].calls


def test_entries_go_when_their_time_is_over(api: Audited, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULPES_AUDIT_DAYS", "30")
    current.cache_clear()
    change(stage.task, priority=1)
    api.carry()
    (row,) = [row for row in reads.rows(keys.audit_of(stage.task.id)) if '"update"' in (row.doc.S if row.doc else "")]
    assert row.ttl is not None
    assert 0 <= clock.epoch(clock.shift(clock.now(), days=30)) - int(row.ttl.N) < 60
    later = clock.shift(clock.now(), days=31)
    monkeypatch.setattr(items.clock, "now", lambda: later)
    assert not any(one["action"] == "update" for one in api.told(record_id=stage.task.id))


def test_without_days_nothing_is_kept(api: Audited, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULPES_AUDIT_DAYS", "0")
    current.cache_clear()
    before = api.told(record_id=stage.task.id)
    change(stage.task, priority=1)
    api.carry()
    assert api.told(record_id=stage.task.id) == before


def test_nothing_is_told_of_somebody_who_is_gone(api: Audited, stage: Stage) -> None:
    mate = stage.join("mate", phone="0123456")
    api.tokens["mate"] = api.tokens["admin"]
    with session.opened(mate.id):
        change(stage.task, priority=3)
    assert api.delete(f"/data/persons/{mate.id}", {"force": "true"}).status == 204
    api.carry()
    entries = api.told(record_id=mate.id)
    assert [(one["action"], one["changes"], one["person_id"]) for one in entries] == [
        ("delete", [], stage.people["admin"].id)
    ]
    assert api.told(person_id=mate.id) == []
    edits = [one for one in api.told(record_id=stage.task.id) if ("to", 3) in [*one["changes"][0].items()]]
    assert [one["person_id"] for one in edits] == [None]
    assert "0123456" not in str(api.told(limit=1000))


@pytest.mark.usefixtures("bucket")
def test_the_audit_of_a_production_outlives_it(api: Audited, stage: Stage) -> None:
    closed = create(PROJECT_STATUS, name="Closed", color="#000000")
    path = f"/data/projects/{stage.project.id}"
    assert api.put(path, {"project_status_id": closed.id}).status == 200
    assert api.delete(path, {"force": "true"}).status == 204
    api.carry()
    told = [one["action"] for one in api.told(project_id=stage.project.id, kind="project")]
    assert (told[0], told[1]) == ("delete", "update")
    entry = api.told(record_id=stage.task.id)[0]
    assert (entry["action"], entry["person_id"]) == ("delete", stage.people["admin"].id)


def test_records_that_go_in_batches_name_who_took_them(api: Audited, stage: Stage) -> None:
    comment = create(COMMENT, object_id=stage.task.id, object_type="Task", person_id=stage.people["user"].id)
    with session.opened(stage.people["manager"].id):
        bulk_deletion.remove([now(comment)])
    api.carry()
    entry = api.told(record_id=comment.id)[0]
    assert (entry["action"], entry["person_id"]) == ("delete", stage.people["manager"].id)


def test_the_request_is_found_in_the_log(api: Audited, stage: Stage) -> None:
    event = {
        "httpMethod": "PUT",
        "path": f"/data/tasks/{stage.task.id}",
        "headers": {"Authorization": f"Bearer {api.tokens['manager']}", "Content-Type": "application/json"},
        "requestContext": {"httpMethod": "PUT", "path": "/", "identity": {"sourceIp": "127.0.0.1"}},
        "body": '{"priority": 2}',
    }
    assert api.app(event, Context("01234567-89ab-4cde-8f01-23456789abcd"))["statusCode"] == 200
    api.carry()
    entry = api.told(record_id=stage.task.id)[0]
    assert (entry["person_id"], entry["request_id"]) == (stage.people["manager"].id, "01234567")


@pytest.mark.usefixtures("table")
def test_the_sweep_goes_on_in_the_name_of_who_began_a_deletion(monkeypatch: pytest.MonkeyPatch) -> None:
    person_id, seen = keys.new_id(PERSON, "studio"), []
    record = create(ENTITY_TYPE, name="Prop")
    with session.opened(person_id):
        write(lambda changes: deletions.begin(changes, record))
    monkeypatch.setattr(deletions, "_ABANDONED_AFTER_MINUTES", -1)
    deletions.take_up({ENTITY_TYPE.table: lambda *_: seen.append(session.current().caller_id)})
    assert seen == [person_id]
