"""Two-factor authentication: codes of an application, codes by mail, security keys.

Source: docs/contract/people.md section 4.
"""

from typing import Any

import msgspec

from chalicelib.access import checks
from chalicelib.access import rules as access
from chalicelib.domain.people.second_factor import deactivation, email_otp, security_keys, totp
from chalicelib.domain.people.second_factor.methods import PROOFS
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import PERSON
from chalicelib.routes.answer_schemas import Shape, Success


class Proof(msgspec.Struct, kw_only=True):
    """A proof of the second factor, one of these. Some clients send numbers for codes, and null for what they do not
    use."""

    totp: str | int | None = None
    email_otp: str | int | None = None
    fido_authentication_response: dict[str, Any] | None = None
    recovery_code: str | None = None


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


class NewSecret(msgspec.Struct):
    """The secret for an application, as text and as what a QR code holds."""

    otp_secret: str
    totp_provisionning_uri: str


class RecoveryCodes(msgspec.Struct):
    """New recovery codes, told this once; null where those of before stay good."""

    otp_recovery_codes: list[str] | None


area = Area("second factor", "Two-factor authentication.")

_DONE = {"success": True}
_OF_WHOM = {"email": "the address of who wants to sign in"}
_admin_in_person = access.of_record("admin, no bots", PERSON, "person_id", access.about(checks.administer), bots=False)


def _proofs(body: Proof) -> dict[str, Any]:
    return {proof: getattr(body, proof) for proof in PROOFS.values()}


@area.put("/auth/totp", access=access.person, answer=NewSecret)
def begin_totp(call: Call) -> dict[str, str]:
    """Makes a new secret for an application on the phone."""
    return totp.begin(call.caller.person)


@area.post("/auth/totp", access=access.person, body=TimeCode, answer=RecoveryCodes, form=True)
def confirm_totp(call: Call) -> dict[str, Any]:
    """Turns codes of an application on, by the first of them."""
    return {"otp_recovery_codes": totp.confirm(call.caller.id, call.body.totp)}


@area.delete("/auth/totp", access=access.person, body=Proof, answer=Success, form=True)
def end_totp(call: Call) -> dict[str, bool]:
    """Turns codes of an application off."""
    deactivation.end_time_codes(call.caller.person, _proofs(call.body))
    return _DONE


@area.get("/auth/email-otp", access=access.anybody, query=_OF_WHOM, answer=Success)
def ask_email_otp(call: Call) -> dict[str, bool]:
    """Mails somebody a code to sign in with."""
    email_otp.ask(call.query.get("email"), call.peer)
    return _DONE


@area.put("/auth/email-otp", access=access.person, answer=Success)
def begin_email_otp(call: Call) -> dict[str, bool]:
    """Mails the code that turns codes by mail on."""
    email_otp.begin(call.caller.person)
    return _DONE


@area.post("/auth/email-otp", access=access.person, body=MailedCode, answer=RecoveryCodes, form=True)
def confirm_email_otp(call: Call) -> dict[str, Any]:
    """Turns codes by mail on, by the first of them."""
    return {"otp_recovery_codes": email_otp.confirm(call.caller.person, call.body.email_otp)}


@area.delete("/auth/email-otp", access=access.person, body=Proof, answer=Success, form=True)
def end_email_otp(call: Call) -> dict[str, bool]:
    """Turns codes by mail off."""
    deactivation.end_mailed_codes(call.caller.person, _proofs(call.body))
    return _DONE


@area.get(
    "/auth/fido",
    access=access.anybody,
    query=_OF_WHOM,
    answer=Shape(challenge={"type": "string"}, rpId={"type": "string"}, allowCredentials={"type": "array"}),
)
def ask_fido(call: Call) -> dict[str, Any]:
    """Gives the challenge that one of somebody's security keys has to answer at the login."""
    return security_keys.ask(call.query.get("email"), call.peer)


@area.put(
    "/auth/fido",
    access=access.person,
    answer=Shape(
        rp={"type": "object"},
        user={"type": "object"},
        challenge={"type": "string"},
        pubKeyCredParams={"type": "array"},
        excludeCredentials={"type": "array"},
        authenticatorSelection={"type": "object"},
    ),
)
def begin_fido(call: Call) -> dict[str, Any]:
    """Gives the options by which a browser registers a security key."""
    return security_keys.begin(call.caller.person)


@area.post("/auth/fido", access=access.person, body=NewKey, answer=RecoveryCodes, form=True)
def confirm_fido(call: Call) -> dict[str, Any]:
    """Registers a security key by its answer."""
    body: NewKey = call.body
    codes = security_keys.confirm(call.caller.person, body.registration_response, body.device_name)
    return {"otp_recovery_codes": codes}


@area.delete("/auth/fido", access=access.person, body=LostKey, answer=Success, form=True)
def end_fido(call: Call) -> dict[str, bool]:
    """Forgets a security key."""
    deactivation.give_up_key(call.caller.person, call.body.device_name, _proofs(call.body))
    return _DONE


@area.put("/auth/recovery-codes", access=access.person, body=Proof, answer=RecoveryCodes, form=True)
def renew_recovery_codes(call: Call) -> dict[str, Any]:
    """Makes new recovery codes; the old ones are void."""
    return {"otp_recovery_codes": deactivation.renew_recovery_codes(call.caller.person, _proofs(call.body))}


@area.delete("/actions/persons/{person_id}/disable-two-factor-authentication", access=_admin_in_person, answer=Success)
def end_all(call: Call) -> dict[str, bool]:
    """Turns the whole second factor of somebody off, who lost the phone, say."""
    deactivation.end_all(call.subject)
    return _DONE
