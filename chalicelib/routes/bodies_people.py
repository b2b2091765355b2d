"""Bodies of requests about accounts and persons, and of the answers."""

from typing import Any

import msgspec

from chalicelib.records import schema
from chalicelib.records.people import PERSON


class Login(msgspec.Struct):
    """Who wants to sign in. Some clients send numbers for codes, and null for what they do not use."""

    email: str | None = None
    password: str | None = None
    totp: str | int | None = None
    email_otp: str | int | None = None
    fido_authentication_response: dict[str, Any] | None = None
    recovery_code: str | None = None


class OwnPasswordChange(msgspec.Struct):
    """The old password, the new one twice."""

    old_password: str
    password: str
    password_2: str


class PasswordChange(msgspec.Struct):
    """A new password, twice."""

    password: str
    password_2: str


class ResetRequest(msgspec.Struct):
    """Whose password is forgotten."""

    email: str


class Reset(msgspec.Struct):
    """A new password, and the token of the letter that allows it."""

    email: str
    token: str
    password: str
    password2: str


class NewAccount(msgspec.Struct):
    """Somebody who registers."""

    email: str
    password: str
    password_2: str
    first_name: str
    last_name: str


class DepartmentJoined(msgspec.Struct):
    """The department that a person joins."""

    department_id: str


class SignedIn(msgspec.Struct):
    """A login that succeeded."""

    login: bool
    user: dict[str, Any]
    organisation: dict[str, Any]
    access_token: str
    refresh_token: str


class Seen(msgspec.Struct):
    """Who holds a token."""

    authenticated: bool
    user: dict[str, Any]
    organisation: dict[str, Any]


class Refreshed(msgspec.Struct):
    """A new access token."""

    access_token: str


class Success(msgspec.Struct):
    """It is done."""

    success: bool


class Invited(Success):
    """It is done; `message` says what became of the letter."""

    message: str


class LoginRow(msgspec.Struct):
    """A login."""

    created_at: str
    ip_address: str | None
    person_id: str


class FullPerson:
    """A person in full."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, for the API document."""
        return schema.of_answer(PERSON)
