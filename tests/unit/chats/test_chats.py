"""Chats: made by looking, joined, talked in, left (docs/contract/people.md section 12)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.records.people import CHAT
from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.store import keys, objects, reads
from tests.unit.files.conftest import picture, size_of
from tests.unit.media import bombs
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create

NOTE = ("note.txt", b"Mind the beak\n", "text/plain")


def chat_of(entity: Record) -> str:
    return f"/data/entities/{entity.id}/chat"


def join_of(entity: Record) -> str:
    return f"/actions/user/chats/{entity.id}/join"


@pytest.fixture
def joined(api: Studio, stage: Stage) -> Studio:
    """The artist and the manager are in the chat of the lama."""
    for name in ("user", "manager"):
        assert api.post(join_of(stage.lama), user=name).status == 200
    return api


def say(api: Studio, entity: Record, text: str = "Hello", user: str = "user") -> Any:
    return api.post(f"{chat_of(entity)}/messages", {"message": text}, user=user)


def test_a_chat_is_there_as_soon_as_one_looks(api: Studio, stage: Stage) -> None:
    made = api.get(chat_of(stage.lama), user="user").json
    assert (made["participants"], made["messages"], made["object_id"]) == ([], [], stage.lama.id)
    assert api.get(chat_of(stage.lama), user="manager")["id"] == made["id"]


def test_sixteen_who_look_at_once_find_one_chat(api: Studio, stage: Stage) -> None:
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda _: api.get(chat_of(stage.lama), user="user"), range(16)))
    assert {one.status for one in told} == {200}
    assert len({one["id"] for one in told}) == 1
    assert len(reads.query(CHAT, keys.home_of_owner(stage.project.id))) == 1


def test_sixteen_who_join_at_once_are_all_in_it(api: Studio, stage: Stage) -> None:
    crowd = [f"guest{number}" for number in range(16)]
    for name in crowd:
        stage.join(name)
        api.sign_in_as(name)
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda name: api.post(join_of(stage.lama), user=name).status, crowd))
    assert set(told) == {200}
    assert len(api.get(chat_of(stage.lama), user="user")["participants"]) == 16


def test_who_sees_the_entity_sees_the_chat(api: Studio, stage: Stage) -> None:
    for path in (chat_of(stage.lama), f"{chat_of(stage.lama)}/messages"):
        told = [api.get(path, user=name).status for name in ("admin", "client", "vendor", "stranger", None)]
        assert told == [200, 200, 200, 403, 401]
        assert api.get(path.replace(stage.lama.id, stage.shot.id), user="vendor").status == 403
    for unknown in (UNKNOWN, "no-id"):
        assert api.get(f"/data/entities/{unknown}/chat", user="user").status == 404


def test_who_is_not_in_it_does_not_talk(api: Studio, stage: Stage) -> None:
    assert say(api, stage.lama).status == 400
    assert api.post(join_of(stage.lama), user="user").status == 200
    assert [say(api, stage.lama, user=name).status for name in ("user", "admin", "stranger")] == [201, 400, 403]
    assert api.delete(join_of(stage.lama), user="user").status == 204
    assert say(api, stage.lama).status == 400


def test_joining_and_leaving_twice_is_no_matter(api: Studio, stage: Stage) -> None:
    assert api.delete(join_of(stage.lama), user="user").status == 204
    for _ in range(2):
        assert api.post(join_of(stage.lama), user="user").status == 200
    chat = api.get(chat_of(stage.lama), user="user").json
    assert chat["participants"] == [stage.people["user"].id]
    for _ in range(2):
        assert api.delete(join_of(stage.lama), user="user").status == 204
    told = {"chat_id": chat["id"], "entity_id": stage.lama.id, "person_id": stage.people["user"].id}
    assert stage.live("chat:joined", "chat:left") == [told] * 2
    assert api.get(f"/data/entities/{told['entity_id']}/chat", user="user").json["id"] == told["chat_id"]


def test_messages_come_in_order_and_date_the_chat(joined: Studio, stage: Stage) -> None:
    first, second = (say(joined, stage.lama, text, name).json for text, name in (("Hello", "user"), ("Ha", "manager")))
    assert "attachment_files" not in first
    chat = joined.get(chat_of(stage.lama), user="client").json
    assert chat["last_message"] == second["created_at"]
    assert [one["text"] for one in chat["messages"]] == ["Hello", "Ha"]
    assert chat["messages"] == joined.get(f"{chat_of(stage.lama)}/messages", user="client").json
    assert stage.live("chat:new-message")[0].keys() == {"chat_id", "chat_message_id", "entity_id", "last_message"}
    told = stage.live("chat:new-message")[0]
    assert joined.get(f"/data/entities/{told['entity_id']}/chat/messages/{told['chat_message_id']}", user="user").json[
        "id"
    ]


@pytest.mark.parametrize("body", [{}, {"message": None}, {"message": ["a"]}, {"message": {"text": "a"}}])
def test_a_message_has_words(joined: Studio, stage: Stage, body: dict[str, Any]) -> None:
    assert joined.post(f"{chat_of(stage.lama)}/messages", body, user="user").status == 400


def test_files_go_along_and_are_for_who_sees_the_entity(joined: Studio, stage: Stage, bucket: str) -> None:
    data = picture(300, 200)
    files = {"file-1": ("pic.PNG", data, "image/png"), "file-2": NOTE}
    made = joined.form(f"{chat_of(stage.lama)}/messages", {"message": "See"}, files, "user")
    assert made.status == 201, made.content
    shown, note = made["attachment_files"]
    assert (shown["name"], shown["extension"], shown["size"]) == ("pic.PNG", "png", len(data))
    one = f"{chat_of(stage.lama)}/messages/{made['id']}"
    assert joined.get(one, user="client")["attachment_files"] == [
        {name: file[name] for name in ("id", "name", "extension")} for file in (shown, note)
    ]
    file, small = (
        f"/data/attachment-files/{shown['id']}/file/pic.png",
        f"/pictures/thumbnails/attachment-files/{shown['id']}.png",
    )
    for path in (file, small):
        told = [joined.get(path, user=name).status for name in ("client", "vendor", "stranger", None)]
        assert told == [200, 200, 403, 401]
    assert joined.get(file, user="client").content == data
    assert size_of(joined.get(small, user="client").content) == (150, 100)
    assert joined.get(small.replace(shown["id"], note["id"]), user="client").status == 404
    change(stage.task, assignees=[])
    assert [joined.get(path, user="vendor").status for path in (file, small)] == [403, 403]


@pytest.mark.parametrize("says", [*bombs.TOO_LARGE])
def test_a_picture_in_a_chat_that_is_too_large_has_no_small_one(
    joined: Studio, stage: Stage, bucket: str, says: str
) -> None:
    files = {"file": ("small.png", bombs.TOO_LARGE[says], "image/png")}
    made = joined.form(f"{chat_of(stage.lama)}/messages", {"message": "See"}, files, "user").json
    refused = joined.get(f"/pictures/thumbnails/attachment-files/{made['attachment_files'][0]['id']}.png", user="user")
    assert refused.status == 404
    assert "more than" in refused["message"]


def test_a_script_in_a_chat_is_saved_and_never_shown(joined: Studio, stage: Stage, bucket: str) -> None:
    files = {"file": ("page.png", b"<html><script>alert(1)</script></html>", "text/xsl")}
    made = joined.form(f"{chat_of(stage.lama)}/messages", {"message": "See"}, files, "user").json
    reply = joined.get(f"/data/attachment-files/{made['attachment_files'][0]['id']}/file/page.png", user="client")
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"] == "attachment; filename=page.png"
    assert reply.headers["content-security-policy"].startswith("sandbox")


def test_nothing_is_stored_of_a_message_that_is_refused(api: Studio, stage: Stage, bucket: str) -> None:
    told = api.form(f"{chat_of(stage.lama)}/messages", {"message": "See"}, {"file": NOTE}, "user")
    assert told.status == 400
    assert list(objects.listed("attachments/")) == []


def test_only_the_author_takes_a_message_away(joined: Studio, stage: Stage, bucket: str) -> None:
    made = joined.form(f"{chat_of(stage.lama)}/messages", {"message": "See"}, {"file": NOTE}, "user").json
    one = f"{chat_of(stage.lama)}/messages/{made['id']}"
    file = f"/data/attachment-files/{made['attachment_files'][0]['id']}/file/note.txt"
    told = [joined.delete(one, user=name).status for name in ("manager", "admin", "stranger", None, "user", "user")]
    assert told == [403, 403, 403, 401, 204, 404]
    assert joined.get(file, user="user").status == 404
    assert stage.live("chat:deleted-message") == [
        {"chat_id": made["chat_id"], "chat_message_id": made["id"], "entity_id": stage.lama.id}
    ]


def test_a_message_is_found_below_its_own_entity(joined: Studio, stage: Stage) -> None:
    made = say(joined, stage.lama).json
    for entity, message_id in ((stage.shot, made["id"]), (stage.lama, UNKNOWN), (stage.lama, "no-id")):
        assert joined.get(f"{chat_of(entity)}/messages/{message_id}", user="user").status == 404
        assert joined.delete(f"{chat_of(entity)}/messages/{message_id}", user="user").status == 404


def test_ones_own_chats(joined: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    joined.post(join_of(stage.shot), user="user")
    said = say(joined, stage.shot).json
    told = joined.get("/data/user/chats", user="user").json
    assert [(one["entity_name"], one["last_message"]) for one in told] == [
        ("E01 / SQ01 / SH010", said["created_at"]),
        ("Character / Lama", None),
    ]
    assert told[0].keys() == {"id", "object_id", "last_message", "entity_name", "project_id", "preview_file_id"}
    assert joined.get("/data/user/chats", user="client").json == []


def test_chats_of_what_one_may_not_see_any_more_are_not_listed(joined: Studio, stage: Stage) -> None:
    joined.post(join_of(stage.lama), user="vendor")
    assert len(joined.get("/data/user/chats", user="vendor").json) == 1
    change(stage.task, assignees=[])
    assert joined.get("/data/user/chats", user="vendor").json == []
    stage.set(team=[one for one in stage.team if one != stage.people["manager"].id])
    assert joined.get("/data/user/chats", user="manager").json == []
    stage.set(project_status_id=create(PROJECT_STATUS, name="Closed", color="#000000").id)
    assert joined.get("/data/user/chats", user="user").json == []


def test_ones_own_chats_cost_the_same_however_many_productions_there_are(joined: Studio, stage: Stage) -> None:
    for number in range(5):
        stage.entity("Crate", "Character", project_id=stage.production(f"P{number}", ("user",)).id)
    joined.post(join_of(stage.shot), user="user")
    for _ in range(2):
        joined.get("/data/user/chats", user="user")
    # Who asks; the edges; chats and entities; the sequence above the shot. Nothing is above that.
    assert joined.calls == {"BatchGetItem": 4, "Query": 1}


def test_a_chat_with_messages_costs_four_reads(joined: Studio, stage: Stage, bucket: str) -> None:
    for _ in range(3):
        joined.form(f"{chat_of(stage.lama)}/messages", {"message": "See"}, {"file": NOTE}, "user")
    joined.get(chat_of(stage.lama), user="user")
    # Who asks; the entity; the chat; its messages; their files.
    assert joined.calls == {"BatchGetItem": 2, "GetItem": 1, "Query": 2}


def test_a_message_is_one_transaction(joined: Studio, stage: Stage) -> None:
    for _ in range(2):
        say(joined, stage.lama)
    assert joined.calls == {"BatchGetItem": 1, "GetItem": 1, "Query": 1, "TransactWriteItems": 1}


def test_a_crowded_chat_can_be_deleted(joined: Studio, stage: Stage) -> None:
    crowd = [stage.person(f"guest{number}", "user").id for number in range(120)]
    chat = create(CHAT, object_id=stage.shot.id, participants=crowd[:60])
    assert joined.put(f"/data/chats/{chat.id}", {"participants": crowd}).status == 200
    assert joined.put(f"/data/chats/{chat.id}", {"participants": []}).status == 400
    assert joined.delete(f"/data/chats/{chat.id}").status == 204
    assert reads.edges(CHAT, "participants", crowd[0]) == []
