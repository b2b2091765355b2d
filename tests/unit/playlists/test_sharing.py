"""A playlist as a table, with an entity more, and told to clients (docs/contract/interchange.md 1.4 and 7.4)."""

from typing import Any

import pytest

from chalicelib.events.carrying import carry
from chalicelib.functions.event_listeners import LISTENERS
from chalicelib.mail.letters import Letter
from chalicelib.mail.sending import NotSent
from chalicelib.records.files import PLAYLIST
from chalicelib.records.production import PROJECT, TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.store import session
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change, create
from tests.unit.mail.test_notifications import added
from tests.unit.people.conftest import Configure, PostOffice, configure, post

__all__ = ["configure", "post"]


def playlist(stage: Stage, *shown: tuple[Record, str | None], **values: Any) -> Record:
    shots = [{"entity_id": entity.id, "preview_file_id": preview_id} for entity, preview_id in shown]
    return create(PLAYLIST, name="Dailies; Monday", project_id=stage.project.id, shots=shots, **values)


def lines(api: Studio, made: Record, user: str = "manager") -> list[str]:
    got = api.get(f"/export/csv/playlists/{made.id}", user=user)
    assert got.status == 200, got.content
    return str(got.content.decode()).splitlines()


# -- as a table --------------------------------------------------------------------------------------------------------
def test_a_line_tells_the_state_of_the_task(api: Studio, stage: Stage) -> None:
    status = create(TASK_STATUS, name="Retake", short_name="retake", color="#000")
    change(stage.animation, task_status_id=status.id, retake_count=2)
    change(stage.shot, nb_frames=48)
    change(stage.people["manager"], timezone="Asia/Tokyo")
    comment = change(stage.comment_on(stage.animation, "Again"), created_at="2026-01-02T20:00:00.000000")
    on_shot = api.published(comment=comment)["id"]
    other = stage.comment_on(stage.animation, "By a client")
    change(other, person_id=stage.people["client"].id)
    made = playlist(stage, (stage.shot, on_shot), (stage.lama, None), (stage.lama, UNKNOWN))
    made = change(made, created_at="2026-01-02T10:30:00.000000")
    assert lines(api, made) == [
        'Playlist;Caminandes | for shots;"Dailies; Monday";2026-01-02T19:30:00+09:00;;;',
        ";;;;;;",
        "Entity name;Nb Frames;Task Type;Retake count;Revision;Task Status;"
        "Last comment author;Last comment date;Last comment",
        "SQ01 / SH010;48;Animation;2;1;Retake;admin Doe;2026-01-03T05:00:00+09:00;Again",
    ]


def test_a_client_reads_no_words_of_the_studio(api: Studio, stage: Stage) -> None:
    shown = api.published()["id"]
    made = playlist(stage, (stage.lama, shown), for_client=True, for_entity="asset")
    assert lines(api, made, "client")[-1] == "Character / Lama;;Modeling;0;1;;;;"
    assert "Here it is" in lines(api, made, "supervisor")[-1]
    assert "| for assets" in lines(api, made)[0]


def test_nothing_to_show_leaves_the_heads(api: Studio, stage: Stage) -> None:
    assert len(lines(api, change(playlist(stage), shots=None))) == 3


@pytest.mark.parametrize("count", [1, 5])
def test_a_table_costs_a_query_a_task(api: Studio, stage: Stage, count: int) -> None:
    shown = []
    for number in range(count):
        shot = stage.entity(f"SH{number}", "Shot", parent_id=stage.sequence.id)
        task = stage.task(shot, stage.animation_type, "user")
        shown.append((shot, api.published(comment=stage.comment_on(task), name="a.png")["id"]))
    made = playlist(stage, *shown)
    for _ in range(2):
        lines(api, made)
    # Identity, the playlist; previews, tasks, entities, sequences; the last comment of each.
    assert api.cost == 6 + count


# -- with an entity more -----------------------------------------------------------------------------------------------
def add(api: Studio, made: Record, user: str = "supervisor", **body: Any) -> Any:
    return api.post(f"/actions/playlists/{made.id}/add-entity", body, user=user)


def test_an_entity_comes_last_by_its_latest_preview(api: Studio, stage: Stage) -> None:
    first = api.published()["id"]
    latest = api.published(comment=stage.comment_on(stage.modeling))["id"]
    made = playlist(stage, (stage.lama, first))
    assert add(api, made, entity_id=stage.lama.id).json["shots"] == [
        {"entity_id": stage.lama.id, "preview_file_id": first},
        {"entity_id": stage.lama.id, "preview_file_id": latest},
    ]
    assert add(api, made, entity_id=stage.lama.id, preview_file_id=first).json["shots"][-1]["preview_file_id"] == first
    assert add(api, made, entity_id=stage.shot.id).json["shots"][-1]["preview_file_id"] is None
    assert [one["data"]["playlist_id"] for one in stage.events("playlist:update")] == [made.id] * 3


def test_what_is_added_is_of_the_production(api: Studio, stage: Stage) -> None:
    other = create(PROJECT, name="Other")
    elsewhere = create(stage.lama.kind, name="Lama", project_id=other.id, entity_type_id=stage.lama["entity_type_id"])
    made = playlist(stage)
    for wrong in (elsewhere.id, UNKNOWN, "nothing"):
        refused = add(api, made, entity_id=wrong)
        assert (refused.status, refused.json["data"]["field"]) == (400, "entity_id")
    assert add(api, made, entity_id=stage.lama.id, preview_file_id=UNKNOWN).json["data"]["field"] == "preview_file_id"
    assert add(api, made).status == 400
    assert add(api, made, "user", entity_id=stage.lama.id).status == 403


# -- told to clients ---------------------------------------------------------------------------------------------------
def carried(stage: Stage) -> dict[str, Any]:
    events = stage.events("playlist:notify-clients")
    with session.opened():
        return carry({"Records": [added(one, number) for number, one in enumerate(events)]}, LISTENERS)


def test_clients_who_want_mail_get_one_each(api: Studio, stage: Stage, post: PostOffice, configure: Configure) -> None:
    configure(SITE_URL="https://studio.example.com")
    change(stage.people["client"], notifications_enabled=True)
    change(stage.people["user"], notifications_enabled=True)
    made = playlist(stage, for_client=True)
    got = api.post(f"/data/playlists/{made.id}/notify-clients", {}, user="manager")
    assert got.json == {"success": True, "notified": [stage.people["client"].id]}
    for _ in range(2):
        assert carried(stage) == {"batchItemFailures": []}
    (letter,) = post.letters
    assert letter.recipient == "client@example.com"
    assert letter.subject == "[Kitsu] Caminandes: the playlist Dailies; Monday is ready for you"
    assert f"https://studio.example.com/productions/{stage.project.id}/playlists/{made.id}" in letter.text


def test_who_may_not_see_it_any_more_is_not_told(api: Studio, stage: Stage, post: PostOffice) -> None:
    change(stage.people["client"], notifications_enabled=True)
    made = playlist(stage, for_client=True)
    api.post(f"/data/playlists/{made.id}/notify-clients", {}, user="manager")
    change(made, for_client=False)
    carried(stage)
    assert post.letters == []


def test_a_letter_that_may_go_out_later_is_sent_again(
    api: Studio, stage: Stage, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(stage.people["client"], notifications_enabled=True)
    made = playlist(stage, for_client=True)
    api.post(f"/data/playlists/{made.id}/notify-clients", {}, user="manager")

    def busy(letter: Letter) -> None:
        raise NotSent("Throttled", later=True)

    with monkeypatch.context() as patch:
        patch.setattr(post, "deliver", busy)
        assert carried(stage) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    carried(stage)
    assert len(post.letters) == 1


def test_what_is_not_for_clients_is_told_to_none(api: Studio, stage: Stage) -> None:
    made = playlist(stage)
    refused = api.post(f"/data/playlists/{made.id}/notify-clients", {}, user="manager")
    assert (refused.status, refused.json["data"]["field"]) == (400, "for_client")
    assert stage.events("playlist:notify-clients") == []
    assert api.post(f"/data/playlists/{made.id}/notify-clients", {}, user="supervisor").status == 403
