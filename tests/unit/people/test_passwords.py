"""Changing, setting, resetting passwords; invitations (docs/contract/people.md section 3)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.people import accounts, passwords, reset_tokens
from chalicelib.errors import Invalid
from chalicelib.records import clock
from tests.client import ADMIN, PASSWORD, Api
from tests.unit.people.conftest import Configure, PostOffice, change, stored

NEW = "anothersecret"
CHANGE = {"old_password": PASSWORD, "password": NEW, "password_2": NEW}
NOBODY = "00000000-0000-4000-8000-000000000000"


def can_sign_in(api: Api, email: str, password: str) -> bool:
    return api.post("/auth/login", {"email": email, "password": password}, user=None).status == 200


def test_a_hash_is_salted_and_tells_nothing() -> None:
    first, second = passwords.hashed(NEW), passwords.hashed(NEW)
    assert first != second
    assert passwords.matches(NEW, first)
    assert not passwords.matches(PASSWORD, first)
    assert not passwords.matches(NEW, None)
    assert not passwords.matches(NEW, "what an import brought along")


def test_long_passwords_and_other_alphabets_are_passwords() -> None:
    for password in ("x" * 200, "пароль-для-кита", "密码密码密码密码" * 9, "a\0bcdefgh"):
        assert passwords.matches(password, passwords.hashed(password))


def test_one_changes_ones_own_password(api: Api, post: PostOffice) -> None:
    api.person(name="ada")
    assert api.post("/auth/change-password", CHANGE, user="ada").json == {"success": True}
    assert can_sign_in(api, "ada@example.com", NEW)
    assert not can_sign_in(api, "ada@example.com", PASSWORD)
    assert api.get("/auth/authenticated", user="ada").status == 200
    assert post.last.recipient == "ada@example.com"
    assert "changed" in post.last.subject


@pytest.mark.parametrize(
    "wrong",
    [
        {"old_password": "wrong"},
        {"password": "short", "password_2": "short"},
        {"password_2": "somethingelse"},
        {"password_2": None},
    ],
)
def test_a_change_against_the_rules_is_refused(api: Api, post: PostOffice, wrong: dict[str, str | None]) -> None:
    api.person(name="ada")
    assert api.post("/auth/change-password", {**CHANGE, **wrong}, user="ada").status == 400
    assert can_sign_in(api, "ada@example.com", PASSWORD)
    assert post.letters == []


def test_a_wrong_old_password_counts_as_a_failed_login(api: Api, post: PostOffice) -> None:
    api.person(name="ada")
    for _ in range(5):
        api.post("/auth/change-password", {**CHANGE, "old_password": "wrong"}, user="ada")
    assert stored("ada@example.com")["login_failed_attemps"] == 5
    assert api.post("/auth/change-password", CHANGE, user="ada").status == 400
    change("ada@example.com", last_login_failed=clock.shift(clock.now(), seconds=-61))
    assert api.post("/auth/change-password", CHANGE, user="ada").status == 200
    assert stored("ada@example.com")["login_failed_attemps"] == 0


def test_an_administrator_sets_a_password(api: Api, post: PostOffice) -> None:
    ada = api.person(name="ada")
    api.person("manager")
    path, body = f"/actions/persons/{ada['id']}/change-password", {"password": NEW, "password_2": NEW}
    assert api.post(path, body, user="manager").status == 403
    assert api.post(path, body, user=None).status == 401
    assert api.post(path, {"password": NEW}).status == 400
    assert api.post(path, {"password": "short", "password_2": "short"}).status == 400
    assert api.post(f"/actions/persons/{NOBODY}/change-password", body).status == 404
    assert api.post("/actions/persons/nobody/change-password", body).status == 404
    assert api.post(path, body).json == {"success": True}
    assert can_sign_in(api, "ada@example.com", NEW)
    assert "administrator" in post.last.subject


def test_a_forgotten_password_is_reset_by_mail(api: Api, post: PostOffice, configure: Configure) -> None:
    configure(SITE_URL="https://studio.example.com/")
    api.person(name="ada")
    reply = api.post("/auth/reset-password", {"email": "Ada@Example.com"}, user=None)
    assert reply.json == {"success": "Reset token sent"}
    assert "https://studio.example.com/reset-change-password?email=ada%40example.com&token=" in post.last.text
    assert len(post.token) == 64
    assert post.token not in str(stored("ada@example.com"))

    body = {"email": "ada@example.com", "token": post.token, "password": NEW, "password2": NEW}
    for wrong in ({"password": "short", "password2": "short"}, {"password2": "x"}, {"token": "A" * 64}):
        assert api.put("/auth/reset-password", {**body, **wrong}, user=None).status == 400
    assert api.put("/auth/reset-password", {**body, "email": ADMIN}, user=None).status == 400
    assert api.put("/auth/reset-password", body, user=None).json == {"success": True}
    assert can_sign_in(api, "ada@example.com", NEW)
    assert api.put("/auth/reset-password", body, user=None).status == 400


def test_a_newer_token_replaces_an_older_one(api: Api, post: PostOffice) -> None:
    api.person(name="ada")
    api.post("/auth/reset-password", {"email": "ada@example.com"}, user=None)
    old = post.token
    api.post("/auth/reset-password", {"email": "ada@example.com"}, user=None)
    body = {"email": "ada@example.com", "password": NEW, "password2": NEW}
    assert api.put("/auth/reset-password", {**body, "token": old}, user=None).status == 400
    assert api.put("/auth/reset-password", {**body, "token": post.token}, user=None).status == 200


def test_a_token_works_for_one_of_two_who_use_it_at_once(api: Api, post: PostOffice) -> None:
    api.person(name="ada")
    api.post("/auth/reset-password", {"email": "ada@example.com"}, user=None)
    body = {"email": "ada@example.com", "token": post.token, "password": NEW, "password2": NEW}
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda _: api.put("/auth/reset-password", body, user=None), range(2)))
    assert sorted(reply.status for reply in replies) == [200, 400]


@pytest.mark.parametrize(("hours", "status"), [(1.99, 200), (2.01, 400)])
def test_a_token_is_good_for_two_hours(api: Api, post: PostOffice, hours: float, status: int) -> None:
    api.person(name="ada")
    api.post("/auth/reset-password", {"email": "ada@example.com"}, user=None)
    kept = stored("ada@example.com")["reset_token"]
    change("ada@example.com", reset_token={**kept, "until": clock.shift(kept["until"], hours=-hours)})
    body = {"email": "ada@example.com", "token": post.token, "password": NEW, "password2": NEW}
    assert api.put("/auth/reset-password", body, user=None).status == status


def test_changing_the_password_voids_a_token_under_way(api: Api, post: PostOffice) -> None:
    api.person(name="ada")
    api.post("/auth/reset-password", {"email": "ada@example.com"}, user=None)
    token = post.token
    api.post("/auth/change-password", CHANGE, user="ada")
    body = {"email": "ada@example.com", "token": token, "password": PASSWORD, "password2": PASSWORD}
    assert api.put("/auth/reset-password", body, user=None).status == 400


def test_those_who_cannot_sign_in_get_no_token(api: Api, post: PostOffice) -> None:
    ada = api.person(name="ada")
    api.put(f"/data/persons/{ada['id']}", {"active": False})
    api.post("/data/persons", {"first_name": "B", "last_name": "Bot", "is_bot": True, "email": "bot@example.com"})
    for email in ("ada@example.com", "bot@example.com", "nobody@example.com", ""):
        assert api.post("/auth/reset-password", {"email": email}, user=None).status == 400
    assert api.post("/auth/reset-password", {}, user=None).status == 400
    assert post.letters == []


def test_nobody_is_buried_in_letters(api: Api, post: PostOffice) -> None:
    statuses = [api.post("/auth/reset-password", {"email": ADMIN}, user=None).status for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert len(post.letters) == 10


def test_an_invitation_is_a_token_for_a_week(api: Api, post: PostOffice) -> None:
    ada = api.post("/data/persons", {"first_name": "Ada", "last_name": "L", "email": "ada@example.com"}).json
    api.person("manager")
    path = f"/actions/persons/{ada['id']}/invite"
    assert api.get(path, user="manager").status == 403
    assert api.get(path, user=None).status == 401
    assert api.get(f"/actions/persons/{NOBODY}/invite").status == 404
    reply = api.get(path)
    assert reply["success"] is True
    left = clock.epoch(stored("ada@example.com")["reset_token"]["until"]) - clock.epoch(clock.now())
    assert left == pytest.approx(7 * 86_400, abs=60)
    body = {"email": "ada@example.com", "token": post.token, "password": NEW, "password2": NEW}
    assert api.put("/auth/reset-password", body, user=None).status == 200
    assert can_sign_in(api, "ada@example.com", NEW)


def test_an_invitation_that_could_not_be_sent_says_so(api: Api, post: PostOffice) -> None:
    ada = api.person(name="ada")
    post.closed = True
    reply = api.get(f"/actions/persons/{ada['id']}/invite")
    assert (reply.status, reply["success"]) == (200, True)
    assert "could not be sent" in reply["message"]
    assert api.post("/auth/reset-password", {"email": "ada@example.com"}, user=None).status == 200


def test_bots_have_no_password(api: Api, post: PostOffice) -> None:
    bot = api.post("/data/persons", {"first_name": "B", "last_name": "Bot", "is_bot": True, "role": "admin"}).json
    api.tokens["bot"] = bot["access_token"]
    both = {"password": NEW, "password_2": NEW}
    assert api.post(f"/actions/persons/{bot['id']}/change-password", both).status == 403
    # Before anything is said of the body.
    assert api.post(f"/actions/persons/{bot['id']}/change-password", {}).status == 403
    assert api.get(f"/actions/persons/{bot['id']}/invite").status == 403
    assert api.post("/auth/change-password", CHANGE, user="bot").status == 403
    assert api.get("/auth/logout", user="bot").status == 403


def test_commands_of_the_installation_make_administrators(api: Api) -> None:
    with pytest.raises(Invalid):
        accounts.create_administrator("chief@example.com", "short")
    accounts.create_administrator("Chief@example.com", PASSWORD)
    assert api.sign_in("chief@example.com", name="chief")["role"] == "admin"


def test_commands_of_the_installation_let_an_administrator_in_again(api: Api) -> None:
    api.person(name="ada")
    change("ada@example.com", active=False, login_failed_attemps=5, last_login_failed=clock.now())
    made = accounts.create_administrator("ada@example.com", NEW)
    assert (made["role"], made["first_name"]) == ("admin", "Ada")
    assert can_sign_in(api, "ada@example.com", NEW)
    accounts.set_password(made, PASSWORD)
    assert can_sign_in(api, "ada@example.com", PASSWORD)


def test_a_token_is_kept_as_a_hash(api: Api) -> None:
    token = reset_tokens.issue(api.people["admin"]["id"], hours=1)
    kept = stored(ADMIN)["reset_token"]
    assert set(kept) == {"hash", "until"}
    assert token not in str(kept)
    assert reset_tokens.is_good(stored(ADMIN), token)
    assert not reset_tokens.is_good(stored(ADMIN), token.lower())
