"""Bodies of requests about accounts and persons, and of the answers."""

from typing import Any

import msgspec

from chalicelib.records import schema
from chalicelib.records.people import PERSON


class Proof(msgspec.Struct, kw_only=True):
    """A proof of the second factor, one of these. Some clients send numbers for codes, and null for what they do not
    use."""

    totp: str | int | None = None
    email_otp: str | int | None = None
    fido_authentication_response: dict[str, Any] | None = None
    recovery_code: str | None = None


class Login(Proof, kw_only=True):
    """Who wants to sign in."""

    email: str | None = None
    password: str | None = None


class TimeCode(msgspec.Struct):
    """A code of the application on the phone."""

    totp: str | int


class MailedCode(msgspec.Struct):
    """A code that came by mail."""

    email_otp: str | int


class NewKey(msgspec.Struct):
    """What a security key answered to the options of its registration, and what its owner calls it."""

    registration_response: dict[str, Any]
    device_name: str


class LostKey(Proof, kw_only=True):
    """The security key that its owner gives up, and a proof."""

    device_name: str


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


class IdentityAnswer(msgspec.Struct):
    """What a browser brings from an identity provider."""

    SAMLResponse: str = ""


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


class NewSecret(msgspec.Struct):
    """The secret for an application, as text and as what a QR code holds."""

    otp_secret: str
    totp_provisionning_uri: str


class RecoveryCodes(msgspec.Struct):
    """New recovery codes, told this once; null where those of before stay good."""

    otp_recovery_codes: list[str] | None


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
