"""Registering by oneself: a switch, off by default (docs/contract/people.md section 3)."""

import pytest

from tests.client import ADMIN, PASSWORD, Api
from tests.unit.people.conftest import Configure

NEW = {
    "email": "new@example.com",
    "password": PASSWORD,
    "password_2": PASSWORD,
    "first_name": "New",
    "last_name": "Comer",
}


@pytest.fixture
def open_studio(api: Api, configure: Configure) -> Api:
    configure(REGISTRATION="open")
    return api


def test_it_is_closed_by_default(api: Api) -> None:
    assert api.post("/auth/register", NEW, user=None).status == 403
    assert api.get("/data/persons?email=new@example.com").json == []
    taken = api.post("/auth/register", {**NEW, "email": ADMIN}, user=None)
    assert taken.status == 403, "a closed studio does not tell who has an account"


def test_somebody_registers_and_signs_in(open_studio: Api) -> None:
    reply = open_studio.post("/auth/register", {**NEW, "email": " New@example.com"}, user=None)
    assert (reply.status, reply.json) == (201, {"registration_success": True})
    assert open_studio.sign_in("new@example.com", name="new")["role"] == "user"


@pytest.mark.parametrize(
    "wrong",
    [
        *({name: None} for name in NEW),
        {"email": "not-an-address"},
        {"password": "short", "password_2": "short"},
        {"password_2": "somethingelse"},
        {"first_name": "x" * 81},
        {"email": ADMIN.upper()},
    ],
)
def test_a_registration_against_the_rules_is_refused(open_studio: Api, wrong: dict[str, str | None]) -> None:
    assert open_studio.post("/auth/register", {**NEW, **wrong}, user=None).status == 400
    assert len(open_studio.get("/data/persons").json) == 1


def test_a_full_studio_takes_nobody(open_studio: Api, configure: Configure) -> None:
    configure(PERSON_LIMIT=1)
    reply = open_studio.post("/auth/register", NEW, user=None)
    assert (reply.status, reply["data"]) == (400, {"limit": 1})
