"""What a security key answered, verified by the `fido2` library; imported where a key is at work (`security_keys`).

Challenges and credentials are texts here: base64url, as they are kept.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorAttachment,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from chalicelib.settings import current

T = TypeVar("T")
_NAME = "Kitsu"
_CHALLENGE_BYTES = 32


@dataclass(frozen=True)
class User:
    """Whom a key is registered for, as the key's own display shows it."""

    id: str
    name: str
    title: str


@dataclass(frozen=True)
class Answered:
    """Which credential answered, and how often the key says it did."""

    credential: str
    counter: int


def new_challenge() -> str:
    """A challenge that nobody has seen before."""
    return websafe_encode(secrets.token_bytes(_CHALLENGE_BYTES))


def registration_options(challenge: str, user: User, registered: Sequence[str]) -> dict[str, Any]:
    """What a browser needs to register a key that is none of the registered ones."""
    entity = PublicKeyCredentialUserEntity(id=user.id.encode(), name=user.name, display_name=user.title)
    options, _ = _server().register_begin(
        entity,
        _known(registered),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
        authenticator_attachment=AuthenticatorAttachment.CROSS_PLATFORM,
        challenge=websafe_decode(challenge),
    )
    return _public_key(options)


def registered(challenge: str, answer: Mapping[str, Any]) -> Answered | None:
    """The new credential of a key that answered this challenge; None for any other answer."""

    def verify() -> Answered | None:
        told = _server().register_complete(_state(challenge), answer)
        made = told.credential_data
        if made is None or made.public_key.ALGORITHM not in CoseKey.supported_algorithms():
            return None
        return Answered(websafe_encode(made), told.counter)

    return _or_none(verify)


def login_options(challenge: str, registered: Sequence[str]) -> dict[str, Any]:
    """What a browser needs to have one of the registered keys sign."""
    options, _ = _server().authenticate_begin(_known(registered), challenge=websafe_decode(challenge))
    return _public_key(options)


def signed(challenge: str, answer: Mapping[str, Any], registered: Sequence[str]) -> Answered | None:
    """Which of the registered credentials signed this challenge; None for any other answer."""

    def verify() -> Answered:
        told = AuthenticationResponse.from_dict(answer)
        credential = _server().authenticate_complete(_state(challenge), _known(registered), told)
        return Answered(websafe_encode(credential), told.response.authenticator_data.counter)

    return _or_none(verify)


def _server() -> Fido2Server:
    """The site is configured: a client must not choose for which one keys sign."""
    return Fido2Server(PublicKeyCredentialRpEntity(name=_NAME, id=urlsplit(current().site_url).hostname))


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": UserVerificationRequirement.PREFERRED}


def _known(credentials: Sequence[str]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(websafe_decode(credential)) for credential in credentials]


def _public_key(options: Mapping[str, Any]) -> dict[str, Any]:
    return dict(options["publicKey"])


def _or_none(verify: Callable[[], T]) -> T | None:
    """What a verification gives, or None.

    The library reads what a stranger sent, three formats deep, and stumbles over it in many ways: by errors of values,
    types, keys, lengths. Each means that this was no answer.
    """
    try:
        return verify()
    except Exception:
        return None
