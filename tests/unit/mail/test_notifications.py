"""Notifications as letters, written from the stream (docs/contract/tasks.md section 7)."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.events.carrying import carry
from chalicelib.functions.event_listeners import LISTENERS
from chalicelib.mail.letters import Letter
from chalicelib.mail.sending import NotSent
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import write
from tests.prepared import prepared
from tests.unit.people.conftest import Configure, PostOffice
from tests.unit.tasks.stage import Stage, Studio, change


@pytest.fixture
def stage(table: str, configure: Configure) -> Iterator[Stage]:
    """The production of the tests of tasks, where everybody wants mail."""
    configure(SITE_URL="https://studio.example.com")
    made = prepared(Stage)
    for name, person in made.people.items():
        made.people[name] = change(person, notifications_enabled=True)
    return made


@pytest.fixture
def api(stage: Stage) -> Studio:
    return Studio(stage)


def stream_of(stage: Stage) -> dict[str, Any]:
    """What happened in the production, kept or told live, as the table's stream tells it."""
    homes = (keys.home_of_owner(stage.project.id), "live")
    events = [event for home in homes for event in reads.query(API_EVENT, home)]
    events.sort(key=lambda event: str(event["created_at"]))
    return {"Records": [added(event, number) for number, event in enumerate(events)]}


def added(event: Record, number: int = 0, home: str = "home") -> dict[str, Any]:
    image = {"pk": {"S": f"{home}#{API_EVENT.table}"}, "sk": {"S": event.id}, "doc": {"S": event.texts.doc}}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": image}}


def carried(stage: Stage) -> dict[str, Any]:
    """Carries all that happened so far on, as the function does."""
    with session.opened():
        return carry(stream_of(stage), LISTENERS)


def subjects(post: PostOffice, name: str) -> list[str]:
    return [letter.subject for letter in post.letters if letter.recipient == f"{name}@example.com"]


def test_the_assigned_get_a_comment_as_a_letter(api: Studio, stage: Stage, post: PostOffice) -> None:
    api.comment("wip", "Less bounce.", user="manager")
    assert post.letters == []
    assert carried(stage) == {"batchItemFailures": []}
    assert subjects(post, "user") == ["[Kitsu] WIP - Manager commented on Caminandes / Character / Lama / Modeling"]
    letter = next(one for one in post.letters if one.recipient == "user@example.com")
    assert "> Less bounce." in letter.text
    link = f"https://studio.example.com/productions/{stage.project.id}/assets/tasks/{stage.task.id}"
    assert link in letter.text
    assert f'href="{link}"' in letter.html
    assert subjects(post, "manager") == subjects(post, "stranger") == []


def test_mentions_replies_and_assignations_are_letters_too(api: Studio, stage: Stage, post: PostOffice) -> None:
    comment = api.comment("wfa", "@Supervisor Doe", user="manager")
    path = f"/data/tasks/{stage.task.id}/comments/{comment['id']}/reply"
    assert api.post(path, {"text": "Yes @Manager Doe"}, user="user").status == 200
    task = stage.task_on(stage.shot, "Animation")
    body = {"person_id": stage.people["user"].id}
    assert api.put(f"/actions/tasks/{task.id}/assign", body, user="manager").status == 200
    carried(stage)
    on = "Caminandes / Character / Lama / Modeling"
    assert subjects(post, "supervisor") == [f"[Kitsu] WFA - Manager mentioned you on {on}"]
    assert subjects(post, "manager") == [
        f"[Kitsu] WFA - User replied on {on}",
        f"[Kitsu] WFA - User mentioned you on {on}",
    ]
    assert "> Yes @Manager Doe" in post.letters[-2].text
    assert subjects(post, "user")[-1] == "[Kitsu] You were assigned to Caminandes / SQ01 / SH010 / Animation"
    assert f"/shots/tasks/{task.id}" in post.last.text


def test_french_people_get_them_in_french(api: Studio, stage: Stage, post: PostOffice) -> None:
    change(stage.people["user"], locale="fr_FR")
    api.comment("wip", user="manager")
    carried(stage)
    assert subjects(post, "user") == ["[Kitsu] WIP - Manager a commenté Caminandes / Character / Lama / Modeling"]


def test_a_task_of_a_show_is_shown_in_its_episode(api: Studio, stage: Stage, post: PostOffice) -> None:
    stage.set(production_type="tvshow")
    episode = stage.entity("E01", "Episode")
    sequence = stage.entity("SQ02", "Sequence", parent_id=episode.id)
    task = stage.task_on(stage.entity("SH020", "Shot", parent_id=sequence.id), "Animation", "user")
    api.comment("wip", user="manager", task=task)
    api.comment("wip", user="manager")
    carried(stage)
    texts = [letter.text for letter in post.letters if letter.recipient == "user@example.com"]
    assert f"/productions/{stage.project.id}/episodes/{episode.id}/shots/tasks/{task.id}" in texts[0]
    assert "Caminandes / E01 / SQ02 / SH020 / Animation" in texts[0]
    assert f"/productions/{stage.project.id}/episodes/main/assets/tasks/{stage.task.id}" in texts[1]


@pytest.mark.parametrize(
    "values",
    [
        {"notifications_enabled": False},
        {"active": False},
        {"email": None},
        {"is_bot": True},
    ],
)
def test_who_wants_none_gets_none(api: Studio, stage: Stage, post: PostOffice, values: dict[str, Any]) -> None:
    change(stage.people["user"], **values)
    api.comment("wip", user="manager")
    carried(stage)
    assert subjects(post, "user") == []
    assert len(subjects(post, "vendor")) == 1


def test_who_left_the_team_meanwhile_gets_none(api: Studio, stage: Stage, post: PostOffice) -> None:
    api.comment("wip", user="manager")
    stage.set(team=[one for one in stage.team if one != stage.people["vendor"].id])
    change(stage.task, assignees=[stage.people["user"].id])
    carried(stage)
    assert subjects(post, "vendor") == []


def test_a_vendor_whose_task_was_taken_away_gets_none(api: Studio, stage: Stage, post: PostOffice) -> None:
    api.comment("wip", user="manager")
    task = reads.get(stage.task.kind, stage.task.id)
    write(lambda changes: changes.update(task, assignees=[]))
    carried(stage)
    assert (len(subjects(post, "user")), subjects(post, "vendor")) == (1, [])


def test_an_artist_reads_no_words_of_a_client(api: Studio, stage: Stage, post: PostOffice) -> None:
    api.comment("wip", "Make the logo bigger.", user="client")
    carried(stage)
    for name in ("user", "vendor"):
        letters = [one for one in post.letters if one.recipient == f"{name}@example.com"]
        assert len(letters) == 1
        assert "logo" not in letters[0].text + letters[0].html


def test_a_client_reads_what_mentions_them_and_no_other_words_of_the_studio(
    api: Studio, stage: Stage, post: PostOffice
) -> None:
    change(stage.task, assignees=[stage.people["client"].id])
    for words in ("Between ourselves", "For you, @Client Doe"):
        api.comment("wip", words, user="manager")
    carried(stage)
    letters = [one.text for one in post.letters if one.recipient == "client@example.com"]
    assert len(letters) == 3
    assert not any("Between" in text for text in letters)
    assert len([text for text in letters if "For you" in text]) == 1


def test_what_is_gone_is_not_told(api: Studio, stage: Stage, post: PostOffice) -> None:
    comment = api.comment("wip", user="manager")
    assert api.delete(f"/data/tasks/{stage.task.id}/comments/{comment['id']}", user="manager").status == 204
    assert carried(stage) == {"batchItemFailures": []}
    assert post.letters == []


def test_an_event_that_comes_twice_is_one_letter(api: Studio, stage: Stage, post: PostOffice) -> None:
    api.comment("wip", user="manager")
    told = [event for event in reads.query(API_EVENT, "live") if event["name"] == "notification:new"]
    (live,) = [event for event in told if event["data"]["person_id"] == stage.people["user"].id]
    with session.opened():
        for _ in range(2):
            assert carry({"Records": [added(live, home="live")]}, LISTENERS) == {"batchItemFailures": []}
    assert len(subjects(post, "user")) == 1


def test_one_that_an_administrator_wrote_is_a_letter_too(api: Studio, stage: Stage, post: PostOffice) -> None:
    comment = api.comment("wip", user="manager")
    ids = {"author_id": stage.people["manager"].id, "task_id": stage.task.id, "comment_id": comment["id"]}
    made = api.post("/data/notifications/", {**ids, "person_id": stage.people["user"].id, "type": "mention"})
    assert made.status == 201, made.content
    every = reads.query(API_EVENT, STUDIO)
    (event,) = [one for one in every if one["name"] == "notification:new"]
    with session.opened():
        assert carry({"Records": [added(event, home=STUDIO)]}, LISTENERS) == {"batchItemFailures": []}
    assert len(subjects(post, "user")) == 1


class Full(PostOffice):
    """Takes letters up to a number, then asks for patience."""

    room = 1

    def deliver(self, letter: Letter) -> None:
        if len(self.letters) >= self.room:
            raise NotSent("Throttling", later=True)
        super().deliver(letter)


def test_what_may_go_out_later_comes_again_from_there(
    api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Full()
    monkeypatch.setattr("chalicelib.mail.sending.office", lambda: office)
    api.comment("wip", user="manager")
    first = carried(stage)["batchItemFailures"]
    office.room = 10
    again = list(stream_of(stage)["Records"])
    rest = [one for one in again if int(one["dynamodb"]["SequenceNumber"]) >= int(first[0]["itemIdentifier"])]
    with session.opened():
        assert carry({"Records": rest}, LISTENERS) == {"batchItemFailures": []}
    assert sorted(letter.recipient for letter in office.letters) == ["user@example.com", "vendor@example.com"]


def test_a_refusal_for_good_holds_nothing_up(api: Studio, stage: Stage, post: PostOffice) -> None:
    post.closed = True
    api.comment("wip", user="manager")
    assert carried(stage) == {"batchItemFailures": []}


def test_a_listener_that_fails_is_given_the_event_again(stage: Stage, api: Studio) -> None:
    heard: list[str] = []

    def fail(event: dict[str, Any]) -> None:
        heard.append(event["id"])
        raise KeyError("a fault of ours")

    api.comment("wip", user="manager")
    stream = stream_of(stage)
    numbers = [
        one["dynamodb"]["SequenceNumber"]
        for one in stream["Records"]
        if '"name":"comment:new"' in one["dynamodb"]["NewImage"]["doc"]["S"]
    ]
    assert carry(stream, {"comment:new": fail})["batchItemFailures"][0] == {"itemIdentifier": numbers[0]}
    assert len(heard) == 1


def test_other_changes_of_the_table_are_passed_over(stage: Stage) -> None:
    removed = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "1", "Keys": {"pk": {"S": "x#api_event"}}}}
    stored = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "2", "NewImage": {"pk": {"S": "x#task"}}}}
    assert carry({"Records": [removed, stored]}, LISTENERS) == {"batchItemFailures": []}
    assert carry({}, LISTENERS) == {"batchItemFailures": []}


def test_a_letter_costs_a_few_reads_and_nobody_who_wants_none_any(api: Studio, stage: Stage, post: PostOffice) -> None:
    change(stage.people["vendor"], notifications_enabled=False)
    api.comment("wip", user="manager")
    stream = stream_of(stage)
    with session.opened() as here:
        carry(stream, LISTENERS)
    # The stamp, the notification, its task and comment, the entity, the claim on the letter.
    # What was changed of the people is read once.
    assert here.calls == {"GetItem": 6, "Query": 2, "TransactWriteItems": 1}
    assert len(post.letters) == 1
