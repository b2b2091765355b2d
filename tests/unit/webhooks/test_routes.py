"""Registering webhooks, and what administrators see of them."""

from typing import Any

import pytest

from chalicelib.records.webhooks import WEBHOOK
from chalicelib.store import session
from tests.unit.outbox.conftest import Later
from tests.unit.webhooks.conftest import Studio


def test_the_secret_is_told_once(studio: Studio) -> None:
    made = studio.register(name="AYON", events=["task:*"])
    assert made["secret"].startswith("whsec_")
    path = f"/data/webhooks/{made['id']}"
    secrets = [made["secret"]]
    rotated = studio.api.post(f"/actions/webhooks/{made['id']}/rotate-secret")
    assert rotated.status == 200
    secrets.append(rotated["secret"])
    assert secrets[0] != secrets[1]
    answers = [
        studio.api.get("/data/webhooks"),
        studio.api.get(path),
        studio.api.put(path, {"name": "Other"}),
        studio.api.post(f"/actions/webhooks/{made['id']}/test"),
        studio.api.get(f"{path}/deliveries"),
        studio.api.get("/data/events/last"),
        studio.api.get("/data/events/"),
    ]
    for answered in answers:
        assert answered.status == 200, answered.content
        assert not any(secret.encode() in answered.content for secret in secrets)
        assert b"secret" not in answered.content


def test_a_webhook_is_registered_changed_and_taken_away(studio: Studio) -> None:
    project_id = studio.production("Caminandes")
    made = studio.register(name="AYON", project_id=project_id, events=["task:*", "task:*", "*:new"])
    path = f"/data/webhooks/{made['id']}"
    read = studio.api.get(path).json
    assert {**read, "secret": made["secret"]} == made
    assert (read["events"], read["project_id"], read["active"]) == (["task:*", "*:new"], project_id, True)
    assert [one["id"] for one in studio.api.get("/data/webhooks").json] == [made["id"]]
    changed = studio.api.put(path, {"project_id": None, "events": None}).json
    assert (changed["name"], changed["project_id"], changed["events"]) == ("AYON", None, ["*"])
    assert studio.api.delete(path).status == 204
    assert studio.api.get(path).status == 404
    told = [event["name"] for event in studio.events() if event["name"].startswith("webhook:")]
    assert told == ["webhook:new", "webhook:update", "webhook:delete"]


WRONG: list[tuple[str, Any]] = [
    ("url", "ftp://hooks.example.com/"), ("url", "https://10.0.0.1/"), ("url", "https://a:b@hooks.example.com/"),
    ("url", "https://hooks.example.com/\r\nX: y"), ("url", "https://169.254.169.254/latest"), ("url", ""),
    ("url", "https://[::ffff:10.0.0.1]/"), ("events", []), ("events", ["task"]), ("events", ["task:*:x"]),
    ("events", ["Task new"]), ("events", ["*"] + [f"a:{number}" for number in range(100)]), ("name", "x" * 81),
    ("project_id", "no-id"), ("project_id", "00000000-0000-4000-8000-000000000000"),
]  # fmt: skip


def test_what_is_wrong_is_named(studio: Studio) -> None:
    made = studio.register()
    for field, value in WRONG:
        for answered in (
            studio.api.post("/data/webhooks", {"url": studio.receiver.url, field: value}),
            studio.api.put(f"/data/webhooks/{made['id']}", {field: value}),
        ):
            assert (answered.status, answered["data"]["field"]) == (400, field), value


def test_there_is_an_end_to_them(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.domain.webhooks.registration.MOST", 2)
    studio.register()
    studio.register()
    assert studio.api.post("/data/webhooks", {"url": studio.receiver.url}).status == 400


def test_a_webhook_goes_with_its_production(studio: Studio) -> None:
    project_id = studio.production("Caminandes")
    made, other = studio.register(project_id=project_id), studio.register()
    closed = next(one for one in studio.api.get("/data/project-status").json if one["name"] == "Closed")
    assert studio.api.put(f"/data/projects/{project_id}", {"project_status_id": closed["id"]}).status == 200
    assert studio.api.delete(f"/data/projects/{project_id}?force=true").status == 204
    assert studio.api.get(f"/data/webhooks/{made['id']}").status == 404
    assert studio.api.get(f"/data/webhooks/{other['id']}").status == 200


def test_it_can_be_tried_out(studio: Studio) -> None:
    webhook = studio.register(events=["task:new"])
    asked = studio.api.post(f"/actions/webhooks/{webhook['id']}/test").json
    assert (asked["status"], asked["name"], asked["attempts"]) == ("pending", "webhook:test", [])
    studio.send()
    (got,) = studio.receiver.requests
    assert (got.json["type"], got.json["data"]) == ("webhook:test", {"webhook_id": webhook["id"]})
    read = studio.api.get(f"/data/webhooks/{webhook['id']}/deliveries/{asked['id']}").json
    assert (read["status"], read["attempts"][0]["status"], read["body"]) == ("delivered", 204, got.json)


def test_a_message_is_sent_again_under_its_id(studio: Studio, later: Later) -> None:
    webhook = studio.register()
    studio.carry()
    studio.send()
    (delivery,) = studio.deliveries(webhook)
    later(3600)
    asked = studio.api.post(f"/actions/webhooks/{webhook['id']}/deliveries/{delivery['id']}/replay")
    assert (asked.status, asked["status"]) == (200, "pending")
    studio.send()
    first, second = studio.receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery["id"]
    assert first.body == second.body
    (delivery,) = studio.deliveries(webhook)
    assert (delivery["status"], len(delivery["attempts"])) == ("delivered", 2)


def test_nothing_is_sent_to_what_is_switched_off(studio: Studio) -> None:
    webhook = studio.register()
    studio.carry()
    studio.api.put(f"/data/webhooks/{webhook['id']}", {"active": False})
    studio.send()
    assert studio.receiver.requests == []
    (delivery,) = studio.deliveries(webhook)
    for action in ("test", f"deliveries/{delivery['id']}/replay"):
        assert studio.api.post(f"/actions/webhooks/{webhook['id']}/{action}").status == 400
    studio.api.put(f"/data/webhooks/{webhook['id']}", {"active": True})
    studio.send()
    assert len(studio.receiver.requests) == 1


def test_the_log_is_read_in_parts(studio: Studio) -> None:
    webhook = studio.register()
    for _ in range(5):
        studio.api.post(f"/actions/webhooks/{webhook['id']}/test")
    path = f"/data/webhooks/{webhook['id']}/deliveries"
    every = [one["id"] for one in studio.api.get(path).json]
    first = studio.api.get(path, {"limit": 2}).json
    rest = studio.api.get(path, {"limit": 100, "before": first[-1]["created_at"]}).json
    assert [one["id"] for one in (*first, *rest)] == every
    assert len(every) == 5
    for query in ({"limit": 0}, {"limit": 201}, {"limit": "x"}, {"before": "soon"}):
        assert studio.api.get(path, query).status == 400
    unknown = "00000000-0000-4000-8000-000000000000"
    assert studio.api.get(f"{path}/{unknown}").status == 404
    assert studio.api.post(f"/actions/webhooks/{webhook['id']}/deliveries/{unknown}/replay").status == 404


def test_others_than_admins_learn_nothing(studio: Studio) -> None:
    studio.api.person("manager")
    webhook = studio.register()
    for path in ("/data/webhooks", f"/data/webhooks/{webhook['id']}", f"/data/webhooks/{webhook['id']}/deliveries"):
        assert studio.api.get(path, user="manager").status == 403
    told = studio.api.get("/data/events/last", user="manager").json
    assert [one for one in told if one["name"].startswith("webhook:")] == []


def test_what_the_routes_cost(studio: Studio) -> None:
    webhook = studio.register()
    studio.api.get("/data/webhooks")
    for path in ("/data/webhooks", f"/data/webhooks/{webhook['id']}"):
        with session.opened() as cost:
            assert studio.api.get(path).status == 200
        assert cost.call_count == 0  # the request's own read of its caller is another session's


def test_what_is_secret_of_a_webhook_is_kept_from_the_audit() -> None:
    """Besides the secrets that no answer holds, the address: what follows the host may be one."""
    untold = {field.name for field in WEBHOOK.fields if field.secret or field.withheld}
    assert untold == {"url", "secret", "former_secret", "former_secret_until"}
