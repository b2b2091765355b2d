"""Single sign-on: who gets in by an assertion, and who does not (docs/contract/people.md section 2.4)."""

import base64
import copy
import functools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree
from signxml.algorithms import SignatureMethod

from chalicelib.domain.people import lookup
from chalicelib.records.people import LOGIN_LOG
from chalicelib.store import reads
from tests.client import Api
from tests.unit.people.conftest import Configure, stored
from tests.unit.people.identity_provider import (
    HERE,
    NAME,
    PROTOCOL,
    SAML,
    SIGN_IN,
    IdentityProvider,
    Told,
    encoded,
    request_in,
)

BROWSER = {"User-Agent": "Mozilla/5.0 Firefox/120.0", "Content-Type": "application/x-www-form-urlencoded"}
DSIG = "http://www.w3.org/2000/09/xmldsig#"


@functools.lru_cache(maxsize=2)
def provider_of(name: str) -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture
def provider(configure: Configure) -> IdentityProvider:
    made = provider_of("ours")
    configure(
        SITE_URL="https://studio.example.com/",
        SAML_IDP_NAME="Whale ID",
        SAML_IDP_ENTITY_ID=NAME,
        SAML_SIGN_IN_URL=SIGN_IN,
        SAML_CERTIFICATES=made.published,
    )
    return made


def begun(api: Api) -> str:
    """The id of a request that a browser was sent with."""
    reply = api.get("/auth/saml/login", user=None)
    assert reply.status == 302
    request_id: str = request_in(reply.headers["location"]).get("ID")
    return request_id


def post(api: Api, answer: str, **headers: str) -> Any:
    raw = f"SAMLResponse={quote(answer, safe='')}&RelayState=".encode()
    return api.call("POST", "/auth/saml/sso", raw=raw, headers={**BROWSER, **headers}, user=None)


def cookies(reply: Any) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in reply.several.get("Set-Cookie", [])}


def refuses(api: Api, answer: Any) -> bool:
    """Whether an answer lets nobody in and leaves no trace."""
    reply = post(api, answer if isinstance(answer, str) else encoded(answer))
    made = lookup.by_email("ada@example.com") or lookup.by_email("eve@example.com")
    return bool(reply.status == 400 and made is None and not cookies(reply))


def test_where_it_is_off_both_answer_400(api: Api) -> None:
    assert api.get("/auth/saml/login", user=None).status == 400
    assert post(api, "x").status == 400
    assert api.get("/config", user=None)["saml_enabled"] is False


def test_what_is_asked_of_the_provider(api: Api, provider: IdentityProvider) -> None:
    reply = api.get("/auth/saml/login", user=None)
    assert reply.status == 302
    assert reply.headers["location"].startswith(f"{SIGN_IN}&SAMLRequest=")
    request = request_in(reply.headers["location"])
    assert request.tag == f"{{{PROTOCOL}}}AuthnRequest"
    assert request.get("AssertionConsumerServiceURL") == HERE
    assert request.get("Destination") == SIGN_IN
    assert request.findtext(f"{{{SAML}}}Issuer") == HERE
    assert begun(api) != begun(api)
    told = api.get("/config", user=None).json
    assert (told["saml_enabled"], told["saml_idp_name"]) == (True, "Whale ID")


@pytest.mark.parametrize("whole", [False, True], ids=["signed assertion", "signed answer"])
def test_somebody_new_is_made_and_signed_in(api: Api, provider: IdentityProvider, whole: bool) -> None:
    api.post("/data/departments", {"name": "Puppets", "color": "#000000"})
    attributes = {
        "first_name": ["Ada"],
        "last_name": ["Lovelace &amp; Co"],
        "phone": ["+33 1"],
        "role": ["supervisor"],
        "departments": ["Puppets"],
    }
    reply = post(api, encoded(provider.answer(Told(begun(api), attributes=attributes), whole)))
    assert (reply.status, reply.headers["location"]) == (302, "https://studio.example.com/")
    assert set(cookies(reply)) == {"access_token_cookie", "refresh_token_cookie"}
    token = cookies(reply)["access_token_cookie"].partition(";")[0]
    seen = api.get("/auth/authenticated", user=None, headers={"Cookie": token}).json["user"]
    assert (seen["email"], seen["full_name"], seen["role"]) == ("ada@example.com", "Ada Lovelace & Co", "supervisor")
    assert (seen["phone"], len(seen["departments"]), seen["active"]) == ("+33 1", 1, True)
    logs = reads.query(LOGIN_LOG, "studio")
    assert [log["origin"] for log in logs if log["person_id"] == seen["id"]] == ["web"]
    assert "person:new" in [event["name"] for event in api.get("/data/events/last").json]


def test_somebody_known_is_brought_up_to_date(api: Api, provider: IdentityProvider) -> None:
    ada = api.person(name="ada", phone="1")
    told = Told(begun(api), email=" ADA@example.com", attributes={"phone": ["2"], "first_name": ["Ada"]})
    assert post(api, encoded(provider.answer(told))).status == 302
    person = stored("ada@example.com")
    assert (person.id, person["phone"], person["last_name"]) == (ada["id"], "2", "Doe")
    version = person.version
    again = Told(begun(api), id="_2", attributes={"phone": ["2"]})
    assert post(api, encoded(provider.answer(again))).status == 302
    assert stored("ada@example.com").version == version


def test_somebody_without_attributes_is_called_by_their_address(api: Api, provider: IdentityProvider) -> None:
    assert post(api, encoded(provider.answer(Told(begun(api))))).status == 302
    assert (stored("ada@example.com")["first_name"], stored("ada@example.com")["role"]) == ("ada", "user")


def test_a_name_that_is_no_address_is_told_by_an_attribute(api: Api, provider: IdentityProvider) -> None:
    told = Told(begun(api), email="ada", attributes={"email": ["ada@example.com"]})
    assert post(api, encoded(provider.answer(told))).status == 302
    assert stored("ada@example.com")["active"]
    assert post(api, encoded(provider.answer(Told(begun(api), email="ada", id="_2")))).status == 400


def test_somebody_inactive_gets_no_cookies(api: Api, provider: IdentityProvider) -> None:
    ada = api.person(name="ada")
    api.put(f"/data/persons/{ada['id']}", {"active": False})
    reply = post(api, encoded(provider.answer(Told(begun(api)))))
    assert (reply.status, cookies(reply)) == (302, {})
    assert not stored("ada@example.com")["active"]


def test_who_is_made_inactive_there_is_signed_out_here(api: Api, provider: IdentityProvider) -> None:
    api.person(name="ada")
    reply = post(api, encoded(provider.answer(Told(begun(api), attributes={"active": ["false"]}))))
    assert (reply.status, cookies(reply)) == (302, {})
    assert api.get("/auth/authenticated", user="ada").status == 401
    post(api, encoded(provider.answer(Told(begun(api), id="_2", attributes={"active": ["true"]}))))
    assert api.get("/auth/authenticated", user="ada").status == 401


def test_a_protected_account_keeps_its_role(api: Api, provider: IdentityProvider, configure: Configure) -> None:
    api.person(name="ada", role="admin")
    configure(PROTECTED_ACCOUNTS="ada@example.com")
    told = Told(begun(api), attributes={"role": ["user"], "active": ["false"], "phone": ["3"]})
    post(api, encoded(provider.answer(told)))
    person = stored("ada@example.com")
    assert (person["role"], person["active"], person["phone"]) == ("admin", True, "3")


def test_a_full_studio_takes_nobody(api: Api, provider: IdentityProvider, configure: Configure) -> None:
    configure(PERSON_LIMIT=1)
    request_id = begun(api)
    assert refuses(api, provider.answer(Told(request_id)))
    configure(PERSON_LIMIT=2)
    assert post(api, encoded(provider.answer(Told(request_id)))).status == 302, "a refusal uses nothing up"


@pytest.mark.parametrize("attributes", [{"role": ["emperor"]}, {"studio_id": ["x"]}, {"active": ["perhaps"]}])
def test_attributes_that_are_none_are_refused(
    api: Api, provider: IdentityProvider, attributes: dict[str, list[str]]
) -> None:
    assert refuses(api, provider.answer(Told(begun(api), attributes=attributes)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": "https://other.example.com"},
        {"audience": None},
        {"recipient": "https://other.example.com/api/auth/saml/sso"},
        {"issuer": "https://other.example.com/metadata"},
        {"ends": -120},
        {"begins": 120},
        {"request_id": "_never-asked"},
        {"request_id": ""},
        {"status": "urn:oasis:names:tc:SAML:2.0:status:Requester"},
        {"email": ""},
        {"id": ""},
    ],
    ids=lambda wrong: "-".join(f"{name}={value}" for name, value in wrong.items())[:40],
)
@pytest.mark.parametrize("whole", [False, True], ids=["assertion", "answer"])
def test_what_is_signed_and_not_for_us_here_and_now(
    api: Api, provider: IdentityProvider, wrong: dict[str, Any], whole: bool
) -> None:
    told = Told(**{"request_id": begun(api), **wrong})
    if not told.id and not whole:
        return  # nothing to refer to: it cannot even be signed
    assert refuses(api, provider.answer(told, whole))


@pytest.mark.parametrize("whole", [False, True], ids=["assertion", "answer"])
def test_an_assertion_serves_once(api: Api, provider: IdentityProvider, whole: bool) -> None:
    answer = encoded(provider.answer(Told(begun(api)), whole))
    assert post(api, answer).status == 302
    replayed = post(api, answer)
    assert (replayed.status, cookies(replayed)) == (400, {})
    # The same assertion for another request is not enough, nor another assertion for the same request.
    assert post(api, encoded(provider.answer(Told(begun(api)), whole))).status == 400


def test_of_many_who_bring_the_same_answer_at_once_one_gets_in(api: Api, provider: IdentityProvider) -> None:
    answer = encoded(provider.answer(Told(begun(api))))
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: post(api, answer).status, range(8)))
    assert sorted(statuses) == [302] + [400] * 7
    assert len(api.get("/data/persons?email=ada@example.com").json) == 1


def test_a_request_is_good_for_ten_minutes(
    api: Api, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = begun(api)
    monkeypatch.setattr("chalicelib.domain.people.single_sign_on._PATIENCE_SECONDS", -1)
    assert refuses(api, provider.answer(Told(request_id)))


def test_what_was_changed_after_signing_is_refused(api: Api, provider: IdentityProvider) -> None:
    for whole in (False, True):
        answer = provider.answer(Told(begun(api), attributes={"role": ["user"]}), whole)
        for path, text in ((f".//{{{SAML}}}NameID", "eve@example.com"), (f".//{{{SAML}}}AttributeValue", "admin")):
            forged = copy.deepcopy(answer)
            found = forged.find(path)
            assert found is not None
            found.text = text
            assert refuses(api, forged)


def test_what_is_not_signed_or_by_somebody_else_is_refused(api: Api, provider: IdentityProvider) -> None:
    told, other = Told(begun(api)), provider_of("other")
    plain = provider.response(provider.assertion(told), told)
    assert refuses(api, plain)
    assert refuses(api, other.answer(told))
    assert refuses(api, other.answer(told, whole=True))
    # Signed by another one, with the certificate of ours shown.
    swapped = other.answer(told)
    shown = swapped.find(f".//{{{DSIG}}}X509Certificate")
    assert shown is not None
    shown.text = provider.published
    assert refuses(api, swapped)


def test_weak_signatures_are_refused(api: Api, provider: IdentityProvider) -> None:
    told = Told(begun(api))
    answer = encoded(provider.answer(told))
    text = base64.b64decode(answer).decode()
    for strong, weak in (
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
    ):
        assert strong in text
        assert refuses(api, base64.b64encode(text.replace(strong, weak).encode()).decode())
    strong_answer = provider.response(provider.sign(provider.assertion(told), SignatureMethod.RSA_SHA512), told)
    assert post(api, encoded(strong_answer)).status == 302


def wrapped(provider: IdentityProvider, told: Told, evil: Told) -> list[Any]:
    """Answers that hold an assertion signed by the provider, and a forged one where readers look first."""
    signed = provider.sign(provider.assertion(told))
    forged = provider.assertion(evil)
    made = []
    # Beside it, before and after.
    for place in (0, 2, 3):
        answer = provider.response(copy.deepcopy(signed), told)
        answer.insert(place, copy.deepcopy(forged))
        made.append(answer)
    # The forged one around the signed one, with and without its signature.
    for keep in (True, False):
        outer, inner = copy.deepcopy(forged), copy.deepcopy(signed)
        signature = inner.find(f"{{{DSIG}}}Signature")
        assert signature is not None
        if keep:
            outer.append(inner)
        else:
            inner.remove(signature)
            holder = etree.SubElement(signature, f"{{{DSIG}}}Object")
            holder.append(inner)
            outer.insert(1, signature)
        made.append(provider.response(outer, evil))
    # The signed one in extensions of the answer.
    answer = provider.response(copy.deepcopy(forged), evil)
    extensions = etree.SubElement(answer, f"{{{PROTOCOL}}}Extensions")
    extensions.append(copy.deepcopy(signed))
    made.append(answer)
    # The signature of the signed one, moved to the answer and to the forged one of the same id.
    twin = copy.deepcopy(forged)
    twin.set("ID", told.id)
    signature = copy.deepcopy(signed.find(f"{{{DSIG}}}Signature"))
    twin.insert(1, signature)
    made.append(provider.response(twin, evil))
    answer = provider.response(copy.deepcopy(forged), evil)
    answer.insert(1, copy.deepcopy(signature))
    answer.append(copy.deepcopy(signed))
    made.append(answer)
    # A whole answer that is signed, inside another one.
    whole = provider.answer(told, whole=True)
    around = provider.response(copy.deepcopy(forged), evil)
    around.append(whole)
    made.append(around)
    return made


def test_a_forged_assertion_beside_a_signed_one_is_refused(api: Api, provider: IdentityProvider) -> None:
    request_id = begun(api)
    told = Told(request_id, email="mallory@example.com")
    evil = Told(request_id, email="eve@example.com", id="_evil", attributes={"role": ["admin"]})
    answers = wrapped(provider, told, evil)
    assert [refuses(api, answer) for answer in answers] == [True] * len(answers)
    assert lookup.by_email("mallory@example.com") is None


def test_a_comment_does_not_split_a_name(api: Api, provider: IdentityProvider) -> None:
    told = Told(begun(api), email="ada@example.com<!-- -->.evil.example.org")
    reply = post(api, encoded(provider.answer(told)))
    assert lookup.by_email("ada@example.com") is None
    assert reply.status == 302
    assert stored("ada@example.com.evil.example.org")["active"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64!",
        base64.b64encode(b"no xml").decode(),
        base64.b64encode(b"<Response/>").decode(),
        base64.b64encode(b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>').decode(),
        base64.b64encode(b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>').decode(),
        base64.b64encode(f'<p:Response xmlns:p="{PROTOCOL}"/>'.encode()).decode(),
        "A" * 400_001,
    ],
)
def test_what_is_no_answer_is_refused(api: Api, provider: IdentityProvider, text: str) -> None:
    assert refuses(api, text)


def test_over_tls_the_browser_that_began_has_to_end_it(api: Api, provider: IdentityProvider) -> None:
    secure = {"X-Forwarded-Proto": "https"}
    reply = api.get("/auth/saml/login", user=None, headers=secure)
    line = cookies(reply)["saml_request"]
    assert {"Path=/auth/saml/sso", "SameSite=None", "HttpOnly", "Secure"} <= set(line.split("; "))
    answer = encoded(provider.answer(Told(request_in(reply.headers["location"]).get("ID"))))
    assert post(api, answer, **secure).status == 400
    assert post(api, answer, Cookie="saml_request=_other", **secure).status == 400
    ended = post(api, answer, Cookie=line.partition(";")[0], **secure)
    assert ended.status == 302
    assert "Max-Age=0" in cookies(ended)["saml_request"]
    assert "Secure" in cookies(ended)["access_token_cookie"]


def test_a_second_certificate_is_good_as_well(api: Api, provider: IdentityProvider, configure: Configure) -> None:
    configure(SAML_CERTIFICATES=f"{provider_of('other').published},{provider.published}")
    assert post(api, encoded(provider.answer(Told(begun(api))))).status == 302


def test_a_bot_is_never_found(api: Api, provider: IdentityProvider) -> None:
    bot = {"first_name": "B", "last_name": "Bot", "is_bot": True, "email": "ada@example.com", "role": "admin"}
    made = api.post("/data/persons", bot).json
    assert post(api, encoded(provider.answer(Told(begun(api))))).status == 302
    assert stored("ada@example.com").id != made["id"]


def test_the_app_starts_without_the_library() -> None:
    code = "import sys, app; sys.exit(any(name in sys.modules for name in ('lxml', 'signxml')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
