"""Security keys (docs/contract/people.md section 4.4)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.people.second_factor import security_keys
from tests.client import Api
from tests.unit.people.conftest import Configure, PostOffice, change, stored
from tests.unit.people.factors import ADA, challenge, give_up, log_in, with_key, with_phone
from tests.unit.people.security_key import SecurityKey, decoded


@pytest.fixture(autouse=True)
def ada(api: Api) -> dict[str, Any]:
    return api.person(name="ada")


@pytest.fixture
def key(api: Api) -> SecurityKey:
    return SecurityKey()


def register(api: Api, key: SecurityKey, options: dict[str, Any], name: Any = "Blue", **changed: Any) -> Any:
    body = {"registration_response": key.register(options, **changed), "device_name": name}
    return api.post("/auth/fido", body, user="ada")


def options_of(api: Api) -> dict[str, Any]:
    options: dict[str, Any] = api.put("/auth/fido", user="ada").json
    return options


def sign_in(api: Api, key: SecurityKey, **changed: Any) -> Any:
    return log_in(api, fido_authentication_response=key.sign(challenge(api), **changed))


def test_the_options_of_a_registration(api: Api, configure: Configure) -> None:
    configure(SITE_URL="https://kitsu.example.com/")
    options = options_of(api)
    assert options["rp"] == {"id": "kitsu.example.com", "name": "Kitsu"}
    assert decoded(options["user"].pop("id")) == api.people["ada"]["id"].encode()
    assert options["user"] == {"name": ADA, "displayName": "Ada Doe"}
    assert len(decoded(options["challenge"])) == 32
    assert {"type": "public-key", "alg": -7} in options["pubKeyCredParams"]
    assert options["excludeCredentials"] == []
    assert options["authenticatorSelection"] == {
        "authenticatorAttachment": "cross-platform",
        "residentKey": "discouraged",
        "requireResidentKey": False,
        "userVerification": "preferred",
    }


def test_a_key_is_registered_and_lets_in(api: Api, key: SecurityKey) -> None:
    assert len(with_key(api, key)) == 16
    person = api.get("/auth/authenticated", user="ada")["user"]
    assert (person["fido_enabled"], person["fido_devices"]) == (True, ["Blue"])
    assert person["preferred_two_factor_authentication"] == "fido"
    assert log_in(api)["two_factor_authentication_enabled"] == ["recovery_code", "fido"]
    reply = sign_in(api, key)
    assert reply.status == 200, reply.content
    assert reply["user"]["fido_devices"] == ["Blue"]


def test_what_a_login_is_asked_for(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    options = challenge(api)
    assert options.keys() == {"challenge", "rpId", "allowCredentials"}
    assert [decoded(one["id"]) for one in options["allowCredentials"]] == [key.id]


def test_several_keys(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    excluded = options_of(api)["excludeCredentials"]
    assert [decoded(one["id"]) for one in excluded] == [key.id]
    red = SecurityKey()
    assert with_key(api, red, "Red") == []
    assert stored(ADA)["fido_devices"] == ["Blue", "Red"]
    assert sign_in(api, red).status == 200
    assert sign_in(api, key).status == 200
    assert sign_in(api, SecurityKey())["wrong_OTP"] is True


def test_a_registration_answers_the_last_challenge_once(api: Api, key: SecurityKey) -> None:
    options = options_of(api)
    assert register(api, key, options, name=None).status == 400
    assert api.post("/auth/fido", {"device_name": "Blue"}, user="ada").status == 400
    assert register(api, key, options).status == 200
    assert register(api, SecurityKey(), options, "Red").status == 400
    old, _ = options_of(api), options_of(api)
    assert register(api, SecurityKey(), old, "Red").status == 400
    assert stored(ADA)["fido_devices"] == ["Blue"]


def test_without_a_challenge_nothing_is_registered(api: Api, key: SecurityKey) -> None:
    options = {"challenge": "AAAA", "rp": {"id": "127.0.0.1"}}
    assert register(api, key, options).status == 400


def test_the_challenge_of_another_registers_nothing(api: Api, key: SecurityKey) -> None:
    api.person(name="bob")
    options_of(api)
    assert register(api, key, api.put("/auth/fido", user="bob").json).status == 400


@pytest.mark.parametrize("changed", [{"type": "webauthn.get"}, {"origin": "https://evil.example.com"}])
def test_a_registration_for_something_else_is_refused(api: Api, key: SecurityKey, changed: dict[str, Any]) -> None:
    assert register(api, key, options_of(api), **changed).status == 400


NONSENSE = [
    {},
    {"id": "AA"},
    {"id": 5, "rawId": None, "response": []},
    {"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}},
    {"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "é", "attestationObject": "/"}},
    {"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": ""}},
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_refused(api: Api, key: SecurityKey, answer: Any) -> None:
    options_of(api)
    body = {"registration_response": answer, "device_name": "Blue"}
    assert api.post("/auth/fido", body, user="ada").status == 400
    with_key(api, key)
    challenge(api)
    assert log_in(api, fido_authentication_response=answer).status == 400


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
def test_an_answer_that_was_cut_off_is_refused(api: Api, key: SecurityKey, part: str) -> None:
    answer = key.register(options_of(api))
    answer["response"][part] = answer["response"][part][:40]
    reply = api.post("/auth/fido", {"registration_response": answer, "device_name": "Blue"}, user="ada")
    assert reply.status == 400


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_key_needs_a_name(api: Api, key: SecurityKey, name: str) -> None:
    assert register(api, key, options_of(api), name).status == 400


def test_neither_a_name_nor_a_key_is_taken_twice(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    assert register(api, SecurityKey(), options_of(api), "Blue").status == 400
    assert register(api, key, options_of(api), "Red").status == 400
    assert stored(ADA)["fido_devices"] == ["Blue"]


def test_a_challenge_serves_once(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    options = challenge(api)
    assert log_in(api, fido_authentication_response=key.sign(options)).status == 200
    assert log_in(api, fido_authentication_response=key.sign(options))["wrong_OTP"] is True


def test_of_many_logins_at_once_with_one_answer_one_gets_in(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    answer = key.sign(challenge(api))
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: log_in(api, fido_authentication_response=answer), range(4)))
    assert sorted(reply.status for reply in replies) == [200, 400, 400, 400]


def test_the_challenge_before_the_last_is_void(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    stale, last = challenge(api), challenge(api)
    assert log_in(api, fido_authentication_response=key.sign(stale))["wrong_OTP"] is True
    assert log_in(api, fido_authentication_response=key.sign(last))["wrong_OTP"] is True  # it was answered
    assert stored(ADA)["login_failed_attemps"] == 2


@pytest.mark.parametrize("changed", [{"type": "webauthn.create"}, {"origin": "https://evil.example.com"}])
def test_an_answer_for_something_else_lets_nobody_in(api: Api, key: SecurityKey, changed: dict[str, Any]) -> None:
    with_key(api, key)
    assert sign_in(api, key, **changed)["wrong_OTP"] is True


def test_a_signature_of_something_else_lets_nobody_in(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    answer, other = key.sign(challenge(api)), key.sign(challenge(api))
    other["response"]["signature"] = answer["response"]["signature"]
    assert log_in(api, fido_authentication_response=other)["wrong_OTP"] is True


def test_a_copy_of_a_key_falls_behind(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    assert sign_in(api, key).status == 200
    assert sign_in(api, key).status == 200
    key.counter -= 1
    assert sign_in(api, key)["wrong_OTP"] is True
    assert sign_in(api, key).status == 200


def test_a_key_that_counts_nothing_lets_in_again_and_again(api: Api) -> None:
    key = SecurityKey(counts=False)
    with_key(api, key)
    assert [sign_in(api, key).status for _ in range(3)] == [200] * 3


def test_a_key_is_given_up_with_a_proof(api: Api, key: SecurityKey) -> None:
    red = SecurityKey()
    recovery = with_key(api, key)
    with_key(api, red, "Red")
    assert give_up(api, "/auth/fido", device_name="Blue").status == 400
    assert give_up(api, "/auth/fido", fido_authentication_response=key.sign(challenge(api))).status == 400
    unknown = give_up(api, "/auth/fido", device_name="Green", recovery_code=recovery[0])
    assert unknown.status == 400
    stranger = SecurityKey().sign(challenge(api))
    assert give_up(api, "/auth/fido", device_name="Blue", fido_authentication_response=stranger).status == 400
    answer = key.sign(challenge(api))
    assert give_up(api, "/auth/fido", device_name="Blue", fido_authentication_response=answer).status == 200
    assert stored(ADA)["fido_devices"] == ["Red"]
    assert sign_in(api, key)["wrong_OTP"] is True
    assert give_up(api, "/auth/fido", device_name="Red", recovery_code=recovery[0]).status == 200
    person = stored(ADA)
    assert (person["fido_enabled"], person["fido_devices"], person["otp_recovery_codes"]) == (False, [], None)
    assert give_up(api, "/auth/fido", device_name="Red", recovery_code=recovery[1]).status == 400
    assert log_in(api).status == 200


def test_the_preference_moves_when_the_last_key_goes(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    phone = with_phone(api)
    assert log_in(api)["preferred_two_factor_authentication"] == "fido"
    assert give_up(api, "/auth/fido", device_name="Blue", totp=phone.code).status == 200
    assert log_in(api)["preferred_two_factor_authentication"] == "totp"


def test_whoever_asks_is_told_no_more_than_whether_it_is_on(api: Api, key: SecurityKey) -> None:
    def ask(**query: str) -> Any:
        return api.get("/auth/fido", query, user=None)

    assert ask().status == 400
    assert ask(email="nobody@example.com").status == 404
    off = ask(email=ADA)
    assert off.status == 400
    with_key(api, key)
    change(ADA, active=False)
    assert (ask(email=ADA).status, ask(email=ADA)["message"]) == (off.status, off["message"])


def test_nobody_voids_challenges_for_ever(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    first = [challenge(api)["challenge"] for _ in range(security_keys.MOST_CHALLENGES)]
    assert len(set(first)) == security_keys.MOST_CHALLENGES
    last = challenge(api)
    assert last["challenge"] == first[-1]
    assert log_in(api, fido_authentication_response=key.sign(last)).status == 200
    assert sign_in(api, key).status == 200


def test_an_administrator_turns_keys_off(api: Api, key: SecurityKey, post: PostOffice) -> None:
    with_key(api, key)
    path = f"/actions/persons/{api.people['ada']['id']}/disable-two-factor-authentication"
    assert api.delete(path).json == {"success": True}
    person = stored(ADA)
    assert (person["fido_credentials"], person["fido_devices"], person["fido_enabled"]) == (None, [], False)
    assert post.last.recipient == ADA


def test_a_locked_account_takes_no_key(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    for _ in range(5):
        sign_in(api, SecurityKey())
    assert sign_in(api, key)["too_many_failed_login_attemps"] is True


def test_no_answer_tells_the_public_key(api: Api, key: SecurityKey) -> None:
    with_key(api, key)
    kept = stored(ADA)["fido_credentials"][0]["credential"].encode()
    for reply in (api.get("/auth/authenticated", user="ada"), api.get("/data/persons"), sign_in(api, key)):
        assert kept not in reply.content
        assert b"fido_credentials" not in reply.content
