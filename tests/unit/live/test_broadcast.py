"""Who listens is told of what happened, and nothing is held up by that."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from chalicelib.access import tokens
from chalicelib.domain.live import broadcast, sessions
from chalicelib.events import journal
from chalicelib.functions import stream
from chalicelib.records.people import PERSON
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import write
from tests.access.studio import AccessStudio
from tests.client import Api
from tests.unit.live.client import Client, joined
from tests.unit.live.conftest import Queues

FAREWELL = ["1"]


@pytest.fixture(autouse=True)
def _nothing_told() -> None:
    broadcast._told.clear()


def batch(*events: Mapping[str, Any]) -> dict[str, Any]:
    """A batch of the table's stream with what is in the journal under these ids, live events included."""
    return {"Records": [_record(event) for event in events]}


def carried(*events: Mapping[str, Any]) -> dict[str, Any]:
    """What the stream function says to a batch; each run of it looks at the reference data anew."""
    with session.opened():
        return stream.handle(batch(*events))


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"eventName": "INSERT", "dynamodb": {"NewImage": row, "SequenceNumber": row["sk"]["S"], "Keys": {}}}


def written(name: str, project_id: str | None = None, live: bool = False, **data: Any) -> dict[str, Any]:
    """An event that a command emits, as its item goes through the stream."""
    emit = journal.emit_live if live else journal.emit
    caught: list[Any] = []

    def command(changes: Any) -> None:
        emit(changes, name, project_id, **data)
        changes._settle()
        caught.extend(operation.entry for operation in changes._operations.values())

    write(command)
    entry = next(one for one in caught if one.pk.endswith("api_event"))
    return {key: {"S": str(value)} for key, value in entry.attributes().items()}


def test_an_event_is_told_to_those_who_may_know_of_it(api: Api, queues: Queues, world: AccessStudio) -> None:
    listening = {name: joined(api, queues, name) for name in ("admin", "artist", "client")}
    mine, theirs = world.mine.project.id, world.theirs.project.id
    carried(
        written("shot:update", mine, shot_id=world.mine.entities["shot"].id),
        written("shot:update", theirs, shot_id=world.theirs.entities["shot"].id),
        written("task-type:new", task_type_id="x"),
    )
    of_mine = ("shot:update", {"shot_id": world.mine.entities["shot"].id, "project_id": mine})
    of_theirs = ("shot:update", {"shot_id": world.theirs.entities["shot"].id, "project_id": theirs})
    studio = ("task-type:new", {"task_type_id": "x"})
    assert listening["admin"].events() == [of_mine, of_theirs, studio]
    assert listening["artist"].events() == [of_mine, studio]
    assert listening["client"].events() == [of_mine, studio]


def test_what_the_journal_shows_is_what_comes(api: Api, queues: Queues, world: AccessStudio) -> None:
    client = joined(api, queues, "admin")
    carried(written("shot:new", world.mine.project.id, shot_id="é\n"))
    (last,) = api.get("/data/events/last", {"limit": 1}).json
    assert client.events() == [(last["name"], last["data"])]


def test_events_that_nobody_keeps_are_told_too(api: Api, queues: Queues, world: AccessStudio) -> None:
    person = world.people["artist"].id
    own, other = joined(api, queues, "artist"), joined(api, queues, "manager")
    carried(written("notification:new", None, True, notification_id="x", person_id=person))
    assert own.events() == [("notification:new", {"notification_id": "x", "person_id": person})]
    assert other.events() == []


def test_two_tabs_hear_the_same(api: Api, queues: Queues) -> None:
    tabs = [joined(api, queues, "artist") for _ in range(2)]
    carried(written("task-type:new", task_type_id="x"))
    assert tabs[0].events() == tabs[1].events() == [("task-type:new", {"task_type_id": "x"})]


def test_who_has_not_joined_hears_nothing(api: Api, queues: Queues) -> None:
    waiting = Client(api, queues, api.tokens["admin"])
    carried(written("task-type:new", task_type_id="x"))
    assert waiting.heard() == []


def test_a_batch_is_one_message_a_session(api: Api, queues: Queues, world: AccessStudio) -> None:
    """One query, the stamp, and as many messages as sessions that hear something; what they hold is held by then."""
    hearing = [joined(api, queues, name) for name in ("admin", "artist", "manager")]
    events = [written("shot:update", world.mine.project.id, shot_id=str(number)) for number in range(10)]
    carried(written("shot:update", world.mine.project.id, shot_id="held by now"))
    assert [len(client.events()) for client in hearing] == [1, 1, 1]
    queues.asked.clear()
    with session.opened() as cost:
        broadcast.tell(stream.events_in(batch(*events)))
    assert queues.asked == ["SendMessage"] * 3
    assert cost.calls == {"Query": 1, "GetItem": 1}
    assert [len(client.events()) for client in hearing] == [10, 10, 10]


def test_where_nobody_listens_an_event_costs_a_query(api: Api, queues: Queues) -> None:
    events = stream.events_in(batch(written("task-type:new", task_type_id="x")))
    with session.opened() as cost:
        assert broadcast.tell(events) == 0
    assert (cost.calls, queues.asked) == ({"Query": 1}, [])


def test_a_batch_without_events_costs_nothing(api: Api, queues: Queues) -> None:
    with session.opened() as cost:
        assert broadcast.tell([]) == 0
    assert cost.calls == {}


def test_a_batch_that_comes_again_is_not_told_again(api: Api, queues: Queues) -> None:
    client = joined(api, queues, "admin")
    one, other = (written("task-type:new", task_type_id=name) for name in "xy")
    carried(one)
    carried(one, other)
    assert [data["task_type_id"] for _, data in client.events()] == ["x", "y"]


def test_queues_that_fail_hold_up_no_listener(
    api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("chalicelib.store.sqs._SECONDS", 0.05)
    heard: list[Any] = []
    monkeypatch.setattr(stream, "LISTENERS", {"task-type:new": heard.append})
    joined(api, queues, "admin")
    queues.silent = True
    assert carried(written("task-type:new", task_type_id="x")) == {"batchItemFailures": []}
    assert len(heard) == 1
    assert "was not told" in caplog.text


def test_a_broadcast_that_breaks_repeats_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(events: Sequence[Any]) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(broadcast, "tell", broken)
    heard: list[Any] = []
    monkeypatch.setattr(stream, "LISTENERS", {"task-type:new": heard.append})
    assert carried(written("task-type:new", task_type_id="x")) == {"batchItemFailures": []}
    assert (len(heard), "Telling those who listen failed" in caplog.text) == (1, True)


def test_a_listener_that_fails_keeps_nobody_from_hearing(
    api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(event: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(stream, "LISTENERS", {"task-type:new": broken})
    client = joined(api, queues, "admin")
    event = written("task-type:new", task_type_id="x")
    assert carried(event)["batchItemFailures"]
    carried(event)
    assert len(client.events()) == 1


def test_a_message_is_no_larger_than_a_queue_takes(api: Api, queues: Queues) -> None:
    client = joined(api, queues, "admin")
    events = [written("task-type:new", text="x" * 100_000, number=number) for number in range(5)]
    queues.asked.clear()
    carried(*events)
    assert queues.asked == ["SendMessage"] * 3
    assert [data["number"] for _, data in client.events()] == [0, 1, 2, 3, 4]


# -- whom it ends for --------------------------------------------------------------------------------------------------


def is_over(client: Client) -> bool:
    """Whether a client is told to go by the next event, and hears nothing of it or of any later one."""
    for name in "ab":
        carried(written("task-type:new", task_type_id=name))
    heard = client.heard()
    assert heard == FAREWELL or len(heard) == 2, heard
    found = sessions.find(client.id)
    return heard == FAREWELL and found is not None and found.over


def test_who_logs_out_hears_nothing_more(api: Api, queues: Queues) -> None:
    client, other = joined(api, queues, "artist"), joined(api, queues, "manager")
    assert api.get("/auth/logout", user="artist").status == 200
    assert is_over(client)
    assert len(other.events()) == 2
    assert client.say("3")["code"] == 1


def test_who_is_made_inactive_hears_nothing_more(api: Api, queues: Queues, world: AccessStudio) -> None:
    client = joined(api, queues, "artist")
    assert api.put(f"/data/persons/{world.people['artist'].id}", {"active": False}).status == 200
    assert is_over(client)


def test_who_changes_the_password_elsewhere_hears_nothing_more(api: Api, queues: Queues, world: AccessStudio) -> None:
    client = joined(api, queues, "artist")
    person = reads.get(PERSON, world.people["artist"].id)
    write(lambda changes: changes.update(person, token_generation=1))
    assert is_over(client)


def test_a_script_whose_token_was_replaced_hears_nothing_more(api: Api, queues: Queues, world: AccessStudio) -> None:
    bot = world.people["bot"]
    write(lambda changes: changes.update(changes.read(PERSON, bot.id), jti="first"))
    api.tokens["script"] = tokens.issue_script_token(reads.get(PERSON, bot.id), "first", None)
    client = joined(api, queues, "script")
    assert not is_over(client)
    write(lambda changes: changes.update(changes.read(PERSON, bot.id), jti="second"))
    assert is_over(client)


def test_a_session_ends_with_its_token(api: Api, queues: Queues, world: AccessStudio) -> None:
    client = joined(api, queues, "artist")
    assert not is_over(client)
    found = sessions.find(client.id)
    assert found is not None
    assert found.claims is not None
    claims = found.claims
    sessions.join(found, type(claims)(claims.person_id, claims.token_id, claims.identity, 1))
    assert is_over(client)


def test_who_is_taken_out_of_a_team_hears_no_more_of_it(api: Api, queues: Queues, world: AccessStudio) -> None:
    client, project = joined(api, queues, "artist"), world.mine.project.id
    carried(written("shot:update", project, shot_id="x"))
    assert len(client.events()) == 1
    assert api.delete(f"/data/projects/{project}/team/{world.people['artist'].id}").status == 204
    carried(written("shot:update", project, shot_id="y"))
    assert client.events() == []


def test_what_is_no_news_is_told_to_nobody(api: Api, queues: Queues) -> None:
    client = joined(api, queues, "admin")
    row = written("task-type:new", task_type_id="x")
    records = batch(row)["Records"]
    records += [{**records[0], "eventName": "MODIFY"}, {**records[0], "eventName": "REMOVE", "dynamodb": {"Keys": {}}}]
    records.append(_record({"pk": {"S": keys.STAMP_KEY[0]}, "sk": {"S": "x"}}))
    stream.handle({"Records": records})
    assert len(client.events()) == 1
