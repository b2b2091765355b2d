"""Security keys: registering them, asking one to sign in, giving one up (docs/contract/people.md 4.4).

A key answers a challenge that the server keeps: the last one, once. What an answer proves is told by `webauthn`, which
is imported where it is needed: it costs more than the rest of the API together.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.people import rate_limit
from chalicelib.domain.people.second_factor import methods
from chalicelib.errors import Invalid
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import challenges, keys
from chalicelib.store.changes import Changes, write

METHOD: Final = "fido"
_REGISTRATION: Final = "registration"
_LOGIN: Final = "login"
_SECONDS: Final = 3600
_MOST_KEYS: Final = 20
_LONGEST_NAME: Final = 80
# Challenges for one account in ten minutes. Anybody may ask for one: beyond these, the one that is under way stays.
MOST_CHALLENGES: Final = 30

Answer = Mapping[str, Any]


def begin(person: Record) -> dict[str, Any]:
    """The options of a registration, with a new challenge; the one before is void."""
    from chalicelib.domain.people.second_factor import webauthn

    challenge = webauthn.new_challenge()
    challenges.keep(keys.challenge(person.id, _REGISTRATION), challenge, _SECONDS)
    user = webauthn.User(person.id, person["email"] or person["desktop_login"] or person.id, person["full_name"])
    return webauthn.registration_options(challenge, user, _credentials(person))


def confirm(person: Record, answer: Answer, device_name: str) -> list[str] | None:
    """Registers a key by its answer to the challenge, which turns the method on; gives new recovery codes, if any.

    Raises Invalid without a challenge or for an answer to another one, for a name or a key that is there already.
    """
    from chalicelib.domain.people.second_factor import webauthn

    name = _name(device_name)
    _refuse_taken(person, name)
    challenge = challenges.take(keys.challenge(person.id, _REGISTRATION))
    if challenge is None:
        raise Invalid("No registration was begun; ask for its options by PUT first.")
    registered = webauthn.registered(challenge, answer)
    if registered is None:
        raise Invalid("This is no answer to the last challenge.", "registration_response", "what the key answered")
    key = {"device_name": name, "credential": registered.credential, "counter": registered.counter}

    def command(changes: Changes) -> list[str] | None:
        fresh = changes.read(PERSON, person.id)
        _refuse_taken(fresh, name, registered.credential)
        return methods.turn_on(changes, fresh, METHOD, fido_credentials=[*_keys(fresh), key])

    return write(command)


def ask(name: str | None, visitor: str) -> dict[str, Any]:
    """What the keys of somebody who signs in have to answer; raises what `methods.who_signs_in` raises."""
    from chalicelib.domain.people.second_factor import webauthn

    person = methods.who_signs_in(name, METHOD, visitor)
    place = keys.challenge(person.id, _LOGIN)
    is_beyond = rate_limit.is_beyond(f"challenges#{person.id}", MOST_CHALLENGES)
    challenge = challenges.find(place) if is_beyond else None
    if challenge is None:
        challenge = webauthn.new_challenge()
        challenges.keep(place, challenge, _SECONDS)
    return webauthn.login_options(challenge, _credentials(person))


def accept(person_id: str, answer: Answer) -> bool:
    """Whether a key of the person signed the last challenge, which is answered by that, rightly or not."""
    from chalicelib.domain.people.second_factor import webauthn

    challenge = challenges.take(keys.challenge(person_id, _LOGIN))
    if challenge is None:
        return False

    def command(changes: Changes) -> bool:
        person = changes.read(PERSON, person_id)
        signed = webauthn.signed(challenge, answer, _credentials(person))
        if signed is None:
            return False
        registered = _keys(person)
        known = next(key for key in registered if key["credential"] == signed.credential)
        if not _goes_on(known["counter"], signed.counter):
            return False
        if signed.counter != known["counter"]:
            counted = [{**key, "counter": signed.counter} if key is known else key for key in registered]
            changes.update(person, fido_credentials=counted)
        return True

    return write(command)


def refuse_unknown(person: Record, device_name: str) -> None:
    """Raises Invalid where no key of the person has that name."""
    if device_name not in person["fido_devices"]:
        raise Invalid("You have no key of that name.", "device_name", "the name of a registered key")


def forget(changes: Changes, person: Record, device_name: str) -> None:
    """Takes a key from the person; with the last one the method is off."""
    left = [key for key in _keys(person) if key["device_name"] != device_name]
    if left:
        changes.update(person, fido_credentials=left)
    else:
        methods.turn_off(changes, person, METHOD, fido_credentials=None)


def _keys(person: Record) -> list[dict[str, Any]]:
    return person["fido_credentials"] or []


def _credentials(person: Record) -> list[str]:
    return [key["credential"] for key in _keys(person)]


def _goes_on(before: int, now: int) -> bool:
    """Whether a counter grew since the key was used last; a copy of a key falls behind. Some keys count nothing."""
    return now > before or now == before == 0


def _name(told: str) -> str:
    name = told.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise Invalid("A key needs a name.", "device_name", f"1 to {_LONGEST_NAME} characters")
    return name


def _refuse_taken(person: Record, name: str, credential: str | None = None) -> None:
    if name in person["fido_devices"]:
        raise Invalid("You have a key of that name already.", "device_name", "a name of its own")
    if credential in _credentials(person):
        raise Invalid("This key is registered already.", "registration_response", "another key")
    if len(_keys(person)) >= _MOST_KEYS:
        raise Invalid(f"Nobody has more than {_MOST_KEYS} keys; give one up first.")
