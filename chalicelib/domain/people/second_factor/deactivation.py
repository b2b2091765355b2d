"""What a proof allows: turning a method off, new recovery codes; and an administrator's way without one."""

from chalicelib.domain.people import mail
from chalicelib.domain.people.second_factor import methods, recovery_codes, security_keys
from chalicelib.domain.people.second_factor.verification import Proofs, refuse_unproven
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write


def end_time_codes(person: Record, proofs: Proofs) -> None:
    """Turns codes of an application off; raises Invalid where they are not on, or without a right proof."""
    methods.refuse_off(person, "totp")
    refuse_unproven(person, proofs)
    write(lambda changes: methods.turn_off(changes, changes.read(PERSON, person.id), "totp", totp_secret=None))


def end_mailed_codes(person: Record, proofs: Proofs) -> None:
    """Turns codes by mail off; raises Invalid where they are not on, or without a right proof."""
    methods.refuse_off(person, "email_otp")
    refuse_unproven(person, proofs)
    write(lambda changes: methods.turn_off(changes, changes.read(PERSON, person.id), "email_otp"))


def give_up_key(person: Record, device_name: str, proofs: Proofs) -> None:
    """Forgets a security key; with the last one the method is off.

    Raises Invalid where no key is registered or none has that name, or without a right proof.
    """
    methods.refuse_off(person, "fido")
    security_keys.refuse_unknown(person, device_name)
    refuse_unproven(person, proofs)
    write(lambda changes: security_keys.forget(changes, changes.read(PERSON, person.id), device_name))


def renew_recovery_codes(person: Record, proofs: Proofs) -> list[str]:
    """New recovery codes, shown this once; those of before are void.

    Raises Invalid where no method is on, or without a right proof.
    """
    _refuse_all_off(person)
    refuse_unproven(person, proofs)
    made, hashes = recovery_codes.make(person.id)

    def command(changes: Changes) -> None:
        fresh = changes.read(PERSON, person.id)
        _refuse_all_off(fresh)
        changes.update(fresh, otp_recovery_codes=hashes)

    write(command)
    return made


def end_all(person: Record) -> None:
    """An administrator turns everything off for somebody who lost the phone, and tells them by mail.

    Raises Forbidden for a bot, Invalid where nothing is on.
    """
    if person["is_bot"]:
        raise Forbidden("Bots have no second factor.")

    def command(changes: Changes) -> None:
        fresh = changes.read(PERSON, person.id)
        _refuse_all_off(fresh)
        cleared = dict.fromkeys(("totp_secret", "email_otp_secret", "fido_credentials"))
        methods.turn_off(changes, fresh, *methods.METHODS, **cleared)

    write(command)
    mail.send_letter(person, "two_factor_disabled")


def _refuse_all_off(person: Record) -> None:
    if not methods.methods_on(person):
        raise Invalid("No second factor is on.")
