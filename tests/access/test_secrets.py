"""No answer to anybody holds what people sign in with (docs/contract/people.md section 1)."""

import re
from typing import Any

import pytest

from chalicelib.store.changes import write
from tests.access.requests import all_routes, path_of
from tests.access.studio import MEMBERS, AccessStudio
from tests.client import Api

MARKS = {
    "password": "$2b$04$SecretSecretSecretSecret",
    "totp_secret": "TOTPSECRETOFMINE",
    "email_otp_secret": "EMAILSECRETOFMINE",
    "jti": "11111111-2222-4333-8444-555555555555",
    "otp_recovery_codes": ["RECOVERYCODEOFMINE"],
    "fido_credentials": [{"device_name": "Blue", "credential": "CREDENTIALOFMINE", "counter": 1}],
}
WORDS = re.compile(
    rb"\$2b\$04\$Secret|SECRETOFMINE|RECOVERYCODEOFMINE|CREDENTIALOFMINE|WEBHOOKOFMINE|11111111-2222-4333-8444"
)
CHAT_TOKENS = {"chat_token_slack": "xoxb-of-the-studio", "chat_token_discord": "discord-of-the-studio"}
# The names of what may be in no answer, and what a bcrypt hash looks like.
NAMES = re.compile(
    rb'"(password|totp_secret|email_otp_secret|fido_credentials|otp_recovery_codes|jti|token_generation|secret|former_secret)":'
)
HASH = re.compile(rb"\$2[aby]\$\d\d\$")


@pytest.fixture
def marked(world: AccessStudio) -> AccessStudio:
    """The studio, with secrets that can be told in an answer."""
    mate, organisation = world.people["mate"], world.records["organisation"]
    webhook = world.mine.records["webhook"]
    known = {name: value for name, value in CHAT_TOKENS.items() if name in organisation.kind.by_name}

    def command(changes: Any) -> None:
        changes.update(changes.read(mate.kind, mate.id), **MARKS)
        changes.update(changes.read(organisation.kind, organisation.id), **known)
        changes.update(changes.read(webhook.kind, webhook.id), secret="whsec_WEBHOOKOFMINE")

    write(command)
    return world


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("name", ["admin", *MEMBERS])
def test_no_answer_tells_a_secret(api: Api, marked: AccessStudio, name: str) -> None:
    chats = [] if name == "admin" else [word.encode() for word in CHAT_TOKENS.values()]
    told = set()
    for route in all_routes():
        if route.method != "GET" or route.path in ("/auth/refresh-token", "/auth/logout", "/openapi.json", "/apidocs"):
            continue
        for query in ({}, {"relations": "true"}):
            content = api.get(path_of(route, marked.mine), query, user=name).content
            if (
                NAMES.search(content)
                or HASH.search(content)
                or WORDS.search(content)
                or any(word in content for word in chats)
            ):
                told.add(route.path)
    assert told == set()


def test_no_answer_to_a_write_tells_a_secret(api: Api, marked: AccessStudio) -> None:
    mate = marked.people["mate"]
    written = [
        api.put(f"/data/persons/{mate.id}", {"first_name": "Mate", "password": "anotherpassword"}),
        api.post("/data/persons", {"first_name": "New", "last_name": "Doe", "email": "new@example.com"}),
        api.post(f"/actions/persons/{mate.id}/departments/add", {"department_id": marked.departments["Editing"].id}),
        api.put(f"/data/organisations/{marked.records['organisation'].id}", {"hours_by_day": 7}),
    ]
    for answered in written:
        assert answered.status in (200, 201), answered.content
        assert not NAMES.search(answered.content), answered.content
        assert not HASH.search(answered.content), answered.content


def test_others_see_the_card_of_a_person_alone(api: Api, marked: AccessStudio) -> None:
    for name in ("supervisor", "artist", "client", "vendor"):
        one = api.get(f"/data/persons/{marked.people['mate'].id}", user=name).json
        every = api.get("/data/persons", user=name).json
        for card in (one, *every):
            assert not {"email", "phone", "expiration_date"} & card.keys() or card["id"] == marked.people[name].id
