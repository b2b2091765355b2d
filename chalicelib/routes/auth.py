"""Signing in and out, passwords, registration (docs/contract/people.md sections 2 and 3)."""

from typing import Any

import msgspec

from chalicelib.access import rules as access
from chalicelib.access import tokens
from chalicelib.domain.people import accounts, login
from chalicelib.domain.people.passwords import DEFAULT
from chalicelib.domain.people.second_factor.methods import PROOFS
from chalicelib.http.answers import Answer
from chalicelib.http.call import ACCESS_COOKIE, REFRESH_COOKIE, Call
from chalicelib.http.cookies import clear_cookie, set_cookie
from chalicelib.http.routing import Area
from chalicelib.routes.answer_schemas import Success
from chalicelib.routes.second_factor import Proof


class Login(Proof, kw_only=True):
    """Who wants to sign in."""

    email: str | None = None
    password: str | None = None


class OwnPasswordChange(msgspec.Struct):
    """The old password, the new one twice."""

    old_password: str
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


area = Area("auth", "Signing in and out, passwords, registration.")

REFRESH_PATH = "/auth/refresh-token"


def _access_cookie(call: Call, token: str) -> str:
    return set_cookie(ACCESS_COOKIE, token, max_age=tokens.ACCESS_SECONDS, secure=call.is_secure)


def _refresh_cookies(call: Call, token: str) -> list[str]:
    life = tokens.REFRESH_SECONDS
    return [
        set_cookie(REFRESH_COOKIE, token, path=path, max_age=life, secure=call.is_secure)
        for path in _refresh_paths(call)
    ]


def _refresh_paths(call: Call) -> list[str]:
    """The path of the contract; before it the one that a browser asks for where the API lies below a prefix."""
    return [f"{call.prefix}{REFRESH_PATH}", REFRESH_PATH] if call.prefix else [REFRESH_PATH]


def sign_in_cookies(call: Call, access_token: str, refresh_token: str) -> list[str]:
    """What a browser keeps of a sign-in."""
    return [_access_cookie(call, access_token), *_refresh_cookies(call, refresh_token)]


def _visit(call: Call) -> login.Visit:
    return login.Visit("web" if call.is_browser else "script", call.ip)


@area.post("/auth/login", access=access.anybody, body=Login, answer=SignedIn, form=True)
def log_in(call: Call) -> Answer:
    """Signs somebody in: tokens in the answer, and as cookies for a browser."""
    body: Login = call.body
    attempt = login.Attempt(
        name=body.email,
        password=DEFAULT if body.password is None else body.password,
        proofs={proof: getattr(body, proof) for proof in PROOFS.values()},
        visit=_visit(call),
        peer=call.peer,
    )
    answer = login.log_in(attempt)
    set_cookies = sign_in_cookies(call, answer["access_token"], answer["refresh_token"])
    return Answer(answer, cookies=set_cookies if call.is_browser else [])


@area.get("/auth/logout", access=access.person, changes=True)
def log_out(call: Call) -> Answer:
    """Revokes the access token of this request and the refresh token that it came with, and no other login."""
    login.log_out(call.caller, call.token_text)
    cleared = [
        clear_cookie(ACCESS_COOKIE, secure=call.is_secure),
        *(clear_cookie(REFRESH_COOKIE, path=path, secure=call.is_secure) for path in _refresh_paths(call)),
    ]
    return Answer({"logout": True}, cookies=cleared if call.is_browser else [])


@area.get("/auth/authenticated", access=access.signed_in, answer=Seen)
def authenticated(call: Call) -> dict[str, Any]:
    """Tells who is signed in."""
    return login.whoami(call.caller)


@area.get(REFRESH_PATH, access=access.refresh_token, answer=Refreshed, changes=True)
def refresh_token(call: Call) -> Any:
    """A new access token for a refresh token; a browser gets it as a cookie."""
    person, session_id = call.caller.person, call.caller.session_id
    if call.is_browser:
        token = tokens.issue(person, "access", session_id)
        return Answer({"refresh": True}, cookies=[_access_cookie(call, token)])
    return {"access_token": tokens.issue(person, "access", session_id, alone=True)}


@area.post("/auth/change-password", access=access.person, body=OwnPasswordChange, answer=Success, form=True)
def change_password(call: Call) -> dict[str, bool]:
    """Changes one's own password."""
    body: OwnPasswordChange = call.body
    accounts.change_own(call.caller, body.old_password, body.password, body.password_2)
    return {"success": True}


@area.post("/auth/reset-password", access=access.anybody, body=ResetRequest, form=True)
def ask_reset(call: Call) -> dict[str, str]:
    """Mails a link for choosing a new password."""
    accounts.ask_reset(call.body.email, call.peer)
    return {"success": "Reset token sent"}


@area.put("/auth/reset-password", access=access.anybody, body=Reset, answer=Success, form=True)
def reset_password(call: Call) -> dict[str, bool]:
    """Changes a password by the token of a mailed link."""
    body: Reset = call.body
    accounts.reset(accounts.NewPassword(body.email, body.token, body.password, body.password2), call.peer)
    return {"success": True}


@area.post("/auth/register", access=access.anybody, body=NewAccount, form=True, status=201)
def register(call: Call) -> dict[str, bool]:
    """Makes an account for oneself, where the studio lets people do that."""
    body: NewAccount = call.body
    asked = accounts.Registration(body.email, body.password, body.password_2, body.first_name, body.last_name)
    accounts.register(asked, call.peer)
    return {"registration_success": True}
