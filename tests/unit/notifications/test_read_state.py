"""Reading what one was told: one by one, or all of it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.unit.notifications.test_lists import OWN, tell, told, unread
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio

ALL = "/actions/user/notifications/mark-all-as-read"


def test_a_notification_is_read_and_unread_again(api: Studio, stage: Stage) -> None:
    one = tell(stage)
    tell(stage, 2)
    answer = api.put(f"{OWN}/{one.id}", {"read": True}, user="user")
    assert (answer.status, answer["read"], answer["person_id"]) == (200, True, stage.people["user"].id)
    assert (len(told(api, read="false")), unread(stage)) == (1, 1)
    api.put(f"{OWN}/{one.id}", {"read": False}, user="user")
    assert [found["id"] for found in told(api, read="false")][-1] == one.id
    assert unread(stage) == 2


def test_to_others_it_is_not_there(api: Studio, stage: Stage) -> None:
    one = tell(stage)
    for name in ("manager", "admin"):
        assert api.get(f"{OWN}/{one.id}", user=name).status == 404
        assert api.put(f"{OWN}/{one.id}", {"read": True}, user=name).status == 404
    for unknown in (UNKNOWN, "no-id"):
        assert api.get(f"{OWN}/{unknown}", user="user").status == 404
    assert unread(stage) == 1


@pytest.mark.parametrize("body", [{}, {"read": None}, {"read": "perhaps"}, {"read": []}])
def test_read_is_true_or_false(api: Studio, stage: Stage, body: dict[str, Any]) -> None:
    assert api.put(f"{OWN}/{tell(stage).id}", body, user="user").status == 400


def test_all_is_read_a_hundred_a_transaction(api: Studio, stage: Stage) -> None:
    for number in range(250):
        tell(stage, number)
    tell(stage, person="vendor")
    assert unread(stage) == 250
    answer = api.post(ALL, user="user")
    assert (answer.status, answer.json) == (200, {"success": True})
    assert api.calls["TransactWriteItems"] == 3
    assert (unread(stage), unread(stage, "vendor")) == (0, 1)
    assert told(api, read="false") == []
    assert len(told(api, read="true")) == 100
    assert api.post(ALL, user="user").json == {"success": True}


def test_reading_all_in_several_tabs_at_once_is_no_obstacle(api: Studio, stage: Stage) -> None:
    made = [tell(stage, number) for number in range(20)]

    def read(one: str | None) -> int:
        answer = api.put(f"{OWN}/{one}", {"read": True}, user="user") if one else api.post(ALL, user="user")
        return answer.status

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(read, [None, made[0].id, None, made[1].id, None, made[2].id])) == {200}
    assert unread(stage) == 0
