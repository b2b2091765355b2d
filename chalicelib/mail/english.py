"""The letters in English."""

from typing import Final

from chalicelib.mail.template import Template

LETTERS: Final = {
    "invitation": Template(
        "{studio} invites you",
        (
            "Hello {name}, you have an account at {studio}. Choose a password to sign in:",
            "This works once, within {days} days. Your name for signing in is {email}.",
        ),
        "Choose a password",
    ),
    "password_reset": Template(
        "{studio}: a new password",
        (
            "Hello {name}, somebody asked for a new password for your account at {studio}. Choose one here:",
            "This works once, within {hours} hours. If it was not you, there is nothing to do: your password stays.",
        ),
        "Choose a new password",
    ),
    "password_changed": Template(
        "{studio}: your password was changed",
        (
            "Hello {name}, the password of your account at {studio} was changed.",
            "If it was not you, ask for a new password on the page for signing in, and tell your administrator.",
        ),
    ),
    "password_set": Template(
        "{studio}: an administrator set your password",
        (
            "Hello {name}, an administrator of {studio} set a new password for your account.",
            "If you did not expect that, ask them.",
        ),
    ),
    "sign_in_code": Template(
        "{studio}: your code",
        (
            "Hello {name}, the code for your account at {studio} is {code}.",
            "It works once, within {minutes} minutes. If you did not ask for it, somebody else tried to sign in as "
            "you: tell nobody the code.",
        ),
    ),
    "two_factor_disabled": Template(
        "{studio}: two-factor authentication was turned off",
        (
            "Hello {name}, an administrator of {studio} turned two-factor authentication off for your account. From "
            "now on your password alone signs you in.",
            "Turn it on again in your profile. If you did not expect that, ask them.",
        ),
    ),
}
