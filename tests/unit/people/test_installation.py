"""The pages that anybody may look at (docs/contract/people.md section 14)."""

import pytest

from chalicelib.errors import VulpesError
from chalicelib.records.production import API_EVENT
from chalicelib.store import keys, reads
from tests.client import Api
from tests.unit.people.conftest import Configure

UPS = ("database-up", "event-stream-up", "key-value-store-up", "job-queue-up", "indexer-up", "mail-up")


def test_clients_recognise_the_api(api: Api) -> None:
    assert api.get("/", user=None).json == {"api": "Zou", "version": "0.20.42"}
    assert api.call("HEAD", "/", user=None).status == 200
    assert api.post("/auth/login", {"email": ""}, user=None).status == 400


def test_the_configuration_is_that_of_the_installation(api: Api, configure: Configure) -> None:
    configure(DEFAULT_LOCALE="fr_FR", DEFAULT_TIMEZONE="Europe/Brussels")
    told = api.get("/config", user=None).json
    assert (told["default_locale"], told["default_timezone"]) == ("fr_FR", "Europe/Brussels")
    assert (told["is_self_hosted"], told["saml_enabled"], told["indexer_configured"]) == (True, False, False)
    assert (told["crisp_token"], told["saml_idp_name"], told["dark_theme_by_default"]) == ("", "", False)


def test_clients_are_told_of_the_search_where_they_should_be(api: Api, configure: Configure) -> None:
    configure(SEARCH="advertised")
    assert api.get("/config", user=None)["indexer_configured"] is True


def test_where_failures_are_reported_to_is_told_if_it_is_set_up(api: Api, configure: Configure) -> None:
    assert "sentry" not in api.get("/config", user=None).json
    configure(SENTRY_DSN="https://key@sentry.example.com/1", SENTRY_SAMPLE_RATE="0.5")
    told = api.get("/config", user=None)["sentry"]
    assert told == {"dsn": "https://key@sentry.example.com/1", "sampleRate": 0.5}


def test_the_status_tells_what_is_up(api: Api) -> None:
    told = api.get("/status", user=None).json
    assert (told["name"], told["version"]) == ("Zou", "0.20.42")
    assert [told[name] for name in UPS] == [True, True, True, True, True, True]
    lines = api.get("/status.txt", user=None).content.decode().splitlines()
    assert lines[:2] == ["name: Zou", "version: 0.20.42"]
    assert lines[2:] == [f"{name}: {'up' if told[name] else 'down'}" for name in UPS if name != "mail-up"]
    figures = api.get("/status/influx", user=None).json
    assert [figures[name] for name in UPS] == [1, 1, 1, 1, 1, 1]
    assert figures["time"] > 1_700_000_000


def test_the_status_tells_what_is_down(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_reach(*_: str) -> None:
        raise VulpesError("The database does not answer.")

    monkeypatch.setattr(reads, "item", out_of_reach)
    reply = api.get("/status", user=None)
    assert (reply.status, reply["database-up"]) == (200, False)


def test_the_resources_are_those_of_the_machine(api: Api) -> None:
    told = api.get("/status/resources", user=None).json
    assert set(told) == {"date", "cpu", "memory", "jobs"}
    assert set(told["cpu"]) == {"percent", "loadavg"}
    assert len(told["cpu"]["loadavg"]) == 3
    memory = told["memory"]
    assert memory["total"] is None or memory["used"] + memory["available"] == memory["total"]
    assert told["jobs"] == {"running_jobs": 0}


def test_a_test_event_is_told_and_not_kept(api: Api) -> None:
    assert api.get("/status/test-event", user=None).json == {"success": True}
    assert "main:test" not in [event["name"] for event in api.get("/data/events/last").json]
    told = reads.query(API_EVENT, "live")
    assert [(event["name"], event["data"]) for event in told] == [("main:test", {})]
    assert keys.home_told_by(told[0].id) is not None
