"""People with a second factor: an application on the phone, a mailbox, security keys."""

import re
from dataclasses import dataclass
from typing import Any

import pyotp

from chalicelib.domain.people.second_factor import totp
from tests.client import PASSWORD, Api
from tests.unit.people.conftest import PostOffice
from tests.unit.people.security_key import SecurityKey

ADA = "ada@example.com"


@dataclass
class Phone:
    """An application that makes codes, and the recovery codes that its owner wrote down."""

    secret: str
    recovery: list[str]

    @property
    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(totp.now())

    @property
    def wrong(self) -> str:
        return other_than(self.code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def log_in(api: Api, email: str = ADA, password: str = PASSWORD, **proofs: Any) -> Any:
    return api.post("/auth/login", {"email": email, "password": password, **proofs}, user=None)


def with_phone(api: Api, user: str = "ada") -> Phone:
    secret = api.put("/auth/totp", user=user)["otp_secret"]
    reply = api.post("/auth/totp", {"totp": Phone(secret, []).code}, user=user)
    assert reply.status == 200, reply.content
    return Phone(secret, reply["otp_recovery_codes"] or [])


def code_in(post: PostOffice) -> str:
    found = re.search(r"\b\d{6}\b", post.last.text)
    assert found is not None
    return found[0]


def with_mailbox(api: Api, post: PostOffice, user: str = "ada") -> list[str]:
    """Turns codes by mail on; gives the new recovery codes."""
    assert api.put("/auth/email-otp", user=user).status == 200
    reply = api.post("/auth/email-otp", {"email_otp": code_in(post)}, user=user)
    assert reply.status == 200, reply.content
    return reply["otp_recovery_codes"] or []


def with_key(api: Api, key: SecurityKey, name: str = "Blue", user: str = "ada") -> list[str]:
    """Registers a key; gives the new recovery codes."""
    options = api.put("/auth/fido", user=user).json
    body = {"registration_response": key.register(options), "device_name": name}
    reply = api.post("/auth/fido", body, user=user)
    assert reply.status == 200, reply.content
    return reply["otp_recovery_codes"] or []


def challenge(api: Api, email: str = ADA) -> dict[str, Any]:
    reply = api.get("/auth/fido", {"email": email}, user=None)
    assert reply.status == 200, reply.content
    options: dict[str, Any] = reply.json
    return options


def give_up(api: Api, path: str, user: str | None = "ada", **body: Any) -> Any:
    return api.call("DELETE", path, body, user=user)
