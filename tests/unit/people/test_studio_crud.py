"""What belongs to the studio itself: organisation, departments, salary scale, custom actions, plugins (section 7)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.people import organisation
from chalicelib.records.people import ORGANISATION
from chalicelib.store import reads
from tests.client import Api

CHAT = set(organisation.CHAT_FIELDS)
PLUGIN = {"plugin_id": "hello", "name": "Hello", "version": "1", "maintainer_name": "Ann", "license": "MIT"}


@pytest.fixture
def cast(api: Api) -> Api:
    for role in ("manager", "user", "vendor"):
        api.person(role)
    return api


def own(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/data/organisations").json[0]
    return found


def test_the_organisation_is_made_at_the_first_look(table: str) -> None:
    assert organisation.find_organisation() is None
    made = organisation.record()
    assert (made["name"], made["hours_by_day"]) == ("Kitsu", 8)
    assert organisation.record().id == made.id
    assert len(reads.query(ORGANISATION, "studio")) == 1


def test_of_two_who_look_first_one_makes_the_organisation(table: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = {found.id for found in pool.map(lambda _: organisation.record(), range(4))}
    assert len(made) == 1


def test_tokens_of_chat_services_are_for_administrators(cast: Api) -> None:
    path = f"/data/organisations/{own(cast)['id']}"
    assert cast.put(path, {"chat_token_slack": "xoxb-1"})["chat_token_slack"] == "xoxb-1"
    for who in ("manager", "user", "vendor"):
        for reply in (
            cast.get(path, user=who),
            cast.get("/data/organisations", user=who),
            cast.get("/auth/authenticated", user=who),
            cast.post("/auth/login", {"email": f"{who}@example.com", "password": "mysecretpassword"}, user=None),
        ):
            assert reply.status == 200
            assert b"xoxb-1" not in reply.content
        assert not CHAT & set(cast.get(path, user=who).json)
        assert len(cast.get("/data/organisations?chat_token_slack=guess", user=who).json) == 1
    assert cast.get("/data/organisations?chat_token_slack=guess").json == []
    assert cast.get("/auth/authenticated")["organisation"]["chat_token_slack"] == "xoxb-1"


def test_the_organisation_is_changed_by_administrators(cast: Api) -> None:
    path = f"/data/organisations/{own(cast)['id']}"
    assert cast.put(path, {"hours_by_day": "7.5", "dark_theme_by_default": True})["hours_by_day"] == 7.5
    assert cast.get("/config", user=None)["dark_theme_by_default"] is True
    assert cast.put(path, {"hours_by_day": "many"}).status == 400
    assert cast.put(path, {"name": None}).status == 400
    assert cast.put(path, {"hours_by_day": 9}, user="manager").status == 403
    assert cast.put(path, {"hours_by_day": 9}, user=None).status == 401


def test_a_second_organisation_comes_and_goes_the_first_stays(cast: Api) -> None:
    first = own(cast)
    second = cast.post("/data/organisations", {"name": "A second"}).json
    assert cast.get("/auth/authenticated")["organisation"]["id"] == first["id"]
    assert cast.delete(f"/data/organisations/{first['id']}").status == 400
    assert cast.delete(f"/data/organisations/{second['id']}", user="user").status == 403
    assert cast.delete(f"/data/organisations/{second['id']}").status == 204


@pytest.mark.parametrize("path", ["/data/departments", "/data/studios"])
def test_departments_and_studios_are_read_by_all_and_written_by_administrators(cast: Api, path: str) -> None:
    body = {"name": "Puppets", "color": "#112233"}
    made = cast.post(path, body)
    assert (made.status, made["archived"]) == (201, False)
    assert cast.post(path, body).status == 400
    assert cast.post(path, {"name": "No color"}).status == 400
    one = f"{path}/{made['id']}"
    for who in ("manager", "user", "vendor"):
        assert cast.get(one, user=who)["name"] == "Puppets"
        assert cast.post(path, {**body, "name": "Mine"}, user=who).status == 403
        assert cast.put(one, body, user=who).status == 403
        assert cast.delete(one, user=who).status == 403
    assert cast.put(one, {"archived": True})["archived"] is True
    assert cast.delete(one).status == 204
    assert cast.get(one).status == 404


def test_what_people_belong_to_stays(api: Api) -> None:
    busy = api.post("/data/departments", {"name": "Busy", "color": "#112233"})["id"]
    paris = api.post("/data/studios", {"name": "Paris", "color": "#112233"})["id"]
    ada = api.person(name="ada", departments=[busy], studio_id=paris)
    assert api.delete(f"/data/departments/{busy}").status == 400
    assert api.delete(f"/data/studios/{paris}").status == 400
    api.put(f"/data/persons/{ada['id']}", {"departments": [], "studio_id": None})
    assert api.delete(f"/data/departments/{busy}").status == 204
    assert api.delete(f"/data/studios/{paris}").status == 204


def test_the_salary_scale_makes_its_own_rows(cast: Api) -> None:
    rows = cast.get("/data/salary-scales?page=1&salary=5").json
    assert len(rows) == 6 * 3 * 3
    places = {(row["department_id"], row["position"], row["seniority"]) for row in rows}
    assert len(places) == len(rows)
    assert {row["salary"] for row in rows} == {0}
    assert {row["id"] for row in cast.get("/data/salary-scales").json} == {row["id"] for row in rows}

    path = f"/data/salary-scales/{rows[0]['id']}"
    assert cast.put(path, {"salary": 420})["salary"] == 420
    assert cast.put(path, {"salary": None}).status == 400
    assert cast.put(path, {"department_id": "00000000-0000-4000-8000-000000000000"}).status == 400
    assert cast.post("/data/salary-scales", {"department_id": rows[0]["department_id"]}).status == 400
    assert cast.delete(path).status == 204
    assert cast.get(path).status == 404
    again = cast.get("/data/salary-scales").json
    assert len(again) == len(rows)
    assert sum(row["salary"] for row in again) == 0


def test_of_two_who_look_at_the_salary_scale_one_makes_its_rows(api: Api) -> None:
    with ThreadPoolExecutor(2) as pool:
        lists = list(pool.map(lambda _: api.get("/data/salary-scales").json, range(2)))
    assert len(lists[0]) == len(lists[1]) == 54
    assert len(api.get("/data/salary-scales").json) == 54


def test_a_row_that_was_moved_does_not_hold_its_old_place(api: Api) -> None:
    rows = api.get("/data/salary-scales").json
    moved = rows[0]
    other = next(row["department_id"] for row in rows if row["department_id"] != moved["department_id"])
    api.put(f"/data/salary-scales/{moved['id']}", {"department_id": other})
    again = api.get("/data/salary-scales").json
    assert len(again) == len(rows) + 1
    assert sum(row["department_id"] == moved["department_id"] for row in again) == 9


def test_salaries_are_for_administrators(cast: Api) -> None:
    path = f"/data/salary-scales/{cast.get('/data/salary-scales').json[0]['id']}"
    for who in ("manager", "user", "vendor"):
        assert cast.get("/data/salary-scales", user=who).status == 403
        assert cast.get(path, user=who).status == 403
        assert cast.put(path, {"salary": 1}, user=who).status == 403
        assert cast.post("/data/salary-scales", {}, user=who).status == 403
        assert cast.delete(path, user=who).status == 403


def test_custom_actions_are_listed_for_all_but_vendors(cast: Api) -> None:
    made = cast.post("/data/custom-actions/", {"name": "Render", "url": "https://farm.example.com"})
    assert (made.status, made["entity_type"], made["is_ajax"]) == (201, "all", False)
    assert cast.post("/data/custom-actions/", {"name": "Render"}).status == 201, "names may repeat"
    assert cast.post("/data/custom-actions/", {"url": "https://farm.example.com"}).status == 400
    assert len(cast.get("/data/custom-actions/", user="user").json) == 2
    assert cast.get("/data/custom-actions/", user="vendor").status == 403
    one = f"/data/custom-actions/{made['id']}"
    assert cast.get(one).status == 200
    for who in ("manager", "user"):
        assert cast.get(one, user=who).status == 403
        assert cast.put(one, {"name": "Mine"}, user=who).status == 403
        assert cast.delete(one, user=who).status == 403


def test_plugins_are_an_administrators_business(cast: Api) -> None:
    made = cast.post("/data/plugins", PLUGIN)
    assert made.status == 201
    assert cast.post("/data/plugins", PLUGIN).status == 400
    assert cast.post("/data/plugins", {"name": "Hello"}).status == 400
    one = f"/data/plugins/{made['id']}"
    for who in ("manager", "user", "vendor"):
        assert cast.get("/data/plugins", user=who).status == 403
        assert cast.get(one, user=who).status == 403
    assert cast.put(one, {"version": "2"})["version"] == "2"
    assert cast.delete(one).status == 204


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/data/search-filters/", {"list_type": "asset", "name": "wip", "search_query": "modeling=wip"}),
        ("/data/search-filter-groups/", {"list_type": "asset", "name": "Team", "color": "#445566"}),
        ("/data/subscriptions/", {}),
        ("/data/chats/", {"object_id": "0b5e0a00-0000-4000-8000-000000000001"}),
    ],
)
def test_what_belongs_to_users_is_raw_for_administrators_alone(cast: Api, path: str, body: dict[str, Any]) -> None:
    person_id = cast.people["user"]["id"]
    body = {**body, "person_id": person_id} if "chats" not in path else body
    made = cast.post(path, body)
    assert made.status == 201, made.content
    one = f"{path.rstrip('/')}/{made['id']}"
    for who in ("manager", "user", "vendor"):
        assert cast.get(path, user=who).status == 403
        assert cast.get(one, user=who).status == 403
        assert cast.post(path, body, user=who).status == 403
        assert cast.delete(one, user=who).status == 403
    assert [row["id"] for row in cast.get(path).json] == [made["id"]]
    assert cast.delete(one).status == 204


@pytest.mark.usefixtures("bucket")
def test_a_chat_with_messages_stays(api: Api) -> None:
    chat = api.post("/data/chats/", {"object_id": "0b5e0a00-0000-4000-8000-000000000001"})["id"]
    admin = api.people["admin"]["id"]
    message = api.post("/data/chat-messages/", {"chat_id": chat, "person_id": admin, "text": "Hello"})
    assert message.status == 201
    path = f"/data/chat-messages/{message['id']}"
    assert api.get(path)["attachment_files"] == []
    attached = api.post("/data/attachment-files", {"name": "a.txt", "chat_message_id": message["id"]})
    assert api.get(path)["attachment_files"] == [attached["id"]]
    assert api.delete(f"/data/attachment-files/{attached['id']}").status == 204
    assert api.get(path)["attachment_files"] == []
    assert api.delete(f"/data/chats/{chat}").status == 400
    assert api.delete(f"/data/chat-messages/{message['id']}").status == 204
    assert api.delete(f"/data/chats/{chat}").status == 204
