"""Whose filters and groups they are, asked over the routes."""

import pytest

from tests.client import Api

FILTER = {"list_type": "todo", "name": "props", "query": "props"}
GROUP = {"list_type": "todo", "name": "Mine", "color": "#FF0000"}


@pytest.fixture
def crew(api: Api) -> Api:
    for role in ("user", "manager"):
        api.person(role)
    return api


def test_to_others_a_filter_is_not_there(crew: Api) -> None:
    made = crew.post("/data/user/filters", FILTER, user="user")
    assert (made.status, made["search_query"]) == (201, "props")
    one = f"/data/user/filters/{made['id']}"
    assert crew.put(one, {"name": "x"}, user="manager").status == 404
    assert crew.put(one, {"name": "by the admin"}).json["name"] == "by the admin"
    assert [crew.delete(one, user=name).status for name in ("manager", "admin", "user", "user")] == [404, 404, 204, 404]


def test_to_others_a_group_is_not_there(crew: Api) -> None:
    made = crew.post("/data/user/filter-groups", GROUP, user="user")
    one = f"/data/user/filter-groups/{made['id']}"
    assert crew.get(one, user="user").json == made.json
    for name in ("manager", "admin"):
        assert crew.get(one, user=name).status == 404
        assert crew.put(one, {"name": "x"}, user=name).status == 404
        assert crew.delete(one, user=name).status == 404
    assert crew.put(one, {"color": "#00FF00", "name": None}, user="user").json["name"] == "Mine"
    assert crew.delete(one, user="user").status == 204
    assert crew.get("/data/user/filter-groups", user="user").json == {}


@pytest.mark.parametrize("missing", ["list_type", "name", "query"])
def test_a_filter_has_a_list_a_name_and_a_query(crew: Api, missing: str) -> None:
    for body in ({**FILTER, missing: None}, {k: v for k, v in FILTER.items() if k != missing}):
        assert crew.post("/data/user/filters", body, user="user").status == 400


def test_the_lists_show_what_was_kept(crew: Api) -> None:
    made = crew.post("/data/user/filters", FILTER, user="user").json
    assert crew.get("/data/user/filters", user="user").json == {"todo": {"all": [made]}}
    assert crew.get("/data/user/filters", user="manager").json == {}
