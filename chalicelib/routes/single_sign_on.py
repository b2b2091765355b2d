"""Signing in at an identity provider (docs/contract/people.md section 2.4)."""

from typing import Final

import msgspec

from chalicelib.access import rules as access
from chalicelib.domain.people import login, mail, single_sign_on
from chalicelib.http.answers import Answer, redirect
from chalicelib.http.call import Call
from chalicelib.http.cookies import clear_cookie, set_cookie
from chalicelib.http.routing import Area
from chalicelib.routes.auth import sign_in_cookies


class IdentityAnswer(msgspec.Struct):
    """What a browser brings from an identity provider."""

    SAMLResponse: str = ""


area = Area("single sign-on", "Signing in at an identity provider, by SAML.")
_COOKIE: Final = "saml_request"
_COOKIE_PATH: Final = "/auth/saml/sso"
_MINUTES: Final = 10
_where_set_up = access.anybody_where(single_sign_on.refuse_where_off)


@area.get("/auth/saml/login", access=_where_set_up)
def begin(call: Call) -> Answer:
    """Begins a single sign-on: sends the browser to the identity provider."""
    address, request_id = single_sign_on.begin()
    answer = redirect(address)
    if call.is_secure:
        # The answer is posted from another site; browsers send such a cookie along over TLS alone.
        path, life = f"{call.prefix}{_COOKIE_PATH}", 60 * _MINUTES
        answer.cookies = [set_cookie(_COOKIE, request_id, path=path, max_age=life, secure=True, same_site="None")]
    return answer


@area.post("/auth/saml/sso", access=_where_set_up, body=IdentityAnswer, form=True)
def complete(call: Call) -> Answer:
    """Ends a single sign-on: the browser gets its cookies, if the person is active, and goes on to the site."""
    asked = call.cookies.get(_COOKIE, "") if call.is_secure else None
    person = single_sign_on.complete(call.body.SAMLResponse, asked, login.Visit("web", call.ip))
    answer = redirect(mail.site("/"))
    if person["active"]:
        answer.cookies = sign_in_cookies(call, *single_sign_on.tokens_of(person))
    if call.is_secure:
        answer.cookies.append(clear_cookie(_COOKIE, path=f"{call.prefix}{_COOKIE_PATH}", secure=True))
    return answer
