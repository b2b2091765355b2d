"""What ends when a password, an account, a login does (docs/security.md)."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.people import accounts
from tests.client import PASSWORD, Api
from tests.unit.people.conftest import PostOffice, stored

ADA, NEW = "ada@example.com", "anothersecret"
CHANGE = {"old_password": PASSWORD, "password": NEW, "password_2": NEW}


class Ada:
    """Somebody with two logins, one of them refreshed, and a script token."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.id = api.person(name="ada")["id"]
        for name in ("here", "there"):
            told = api.post("/auth/login", {"email": ADA, "password": PASSWORD}, user=None)
            api.tokens |= {name: told["access_token"], f"{name} refresh": told["refresh_token"]}
        api.tokens["here again"] = api.get("/auth/refresh-token", user="here refresh")["access_token"]
        made = api.put(f"/data/persons/{self.id}", {"expiration_date": "2099-01-01"}, user="here")
        api.tokens["script"] = made["access_token"]

    @property
    def alive(self) -> set[str]:
        """What still opens the door."""
        names = ("ada", "here", "here refresh", "here again", "there", "there refresh", "script")
        paths = {name: "/auth/refresh-token" if "refresh" in name else "/auth/authenticated" for name in names}
        return {name for name, path in paths.items() if self.api.get(path, user=name).status == 200}


@pytest.fixture
def ada(api: Api, post: PostOffice) -> Ada:
    made = Ada(api)
    assert len(made.alive) == 7
    return made


def test_changing_ones_own_password_ends_all_but_the_login_that_asks(api: Api, ada: Ada) -> None:
    assert api.post("/auth/change-password", CHANGE, user="here again").status == 200
    assert ada.alive == {"here", "here refresh", "here again"}
    # And what comes of it later.
    api.tokens["here again"] = api.get("/auth/refresh-token", user="here refresh")["access_token"]
    back = {"old_password": NEW, "password": PASSWORD, "password_2": PASSWORD}
    assert api.post("/auth/change-password", back, user="here again").status == 200
    assert ada.alive == {"here", "here refresh", "here again"}


def test_a_script_that_changes_the_password_goes_on(api: Api, ada: Ada) -> None:
    assert api.post("/auth/change-password", CHANGE, user="script").status == 200
    assert ada.alive == {"script"}


def _by_mail(api: Api, ada: Ada, post: PostOffice) -> None:
    api.post("/auth/reset-password", {"email": ADA}, user=None)
    body = {"email": ADA, "token": post.token, "password": NEW, "password2": NEW}
    assert api.put("/auth/reset-password", body, user=None).status == 200


def _by_an_administrator(api: Api, ada: Ada, post: PostOffice) -> None:
    body = {"password": NEW, "password_2": NEW}
    assert api.post(f"/actions/persons/{ada.id}/change-password", body).status == 200


def _by_the_installation(api: Api, ada: Ada, post: PostOffice) -> None:
    accounts.set_password(stored(ADA), NEW)


def _by_leaving(api: Api, ada: Ada, post: PostOffice) -> None:
    for active in (False, True):
        assert api.put(f"/data/persons/{ada.id}", {"active": active}).status == 200
        assert ada.alive == set()


@pytest.mark.parametrize("end", [_by_mail, _by_an_administrator, _by_the_installation, _by_leaving])
def test_everything_ends(api: Api, ada: Ada, post: PostOffice, end: Callable[..., Any]) -> None:
    api.post("/auth/change-password", {**CHANGE, "password": PASSWORD, "password_2": PASSWORD}, user="here")
    end(api, ada, post)
    assert ada.alive == set()


def test_a_password_is_changed_from_the_one_that_is_known(api: Api, ada: Ada, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's change in between is not overwritten by who knew the one before."""

    def hashed(password: str) -> str:
        monkeypatch.undo()
        accounts.set_password(stored(ADA), "in between")
        return "never kept"

    monkeypatch.setattr("chalicelib.domain.people.passwords.hashed", hashed)
    assert api.post("/auth/change-password", CHANGE, user="here").status == 400
    assert api.post("/auth/login", {"email": ADA, "password": "in between"}, user=None).status == 200
