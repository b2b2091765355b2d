"""The letters in English."""

from typing import Final

from chalicelib.mail.template import Template

_OPEN_TASK: Final = "Open the task"
_OPEN_PLAYLIST: Final = "Open the playlist"
_WHY: Final = "You get this because mails for notifications are on in your profile at {studio}."

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
    "two_factor_code": Template(
        "{studio}: your code",
        (
            "Hello {name}, this is your code for signing in at {studio}:",
            "It is good for {minutes} minutes. If you did not ask for it, somebody else may know your password: "
            "change it.",
        ),
        figure="{code}",
    ),
    "two_factor_disabled": Template(
        "{studio}: your second factor was switched off",
        (
            "Hello {name}, an administrator of {studio} switched the second factor of your account off. From now on "
            "your password alone signs you in.",
            "If you did not expect that, ask them. You can switch it on again in your profile.",
        ),
    ),
    "comment": Template(
        "[Kitsu] {status} - {author} commented on {task}",
        ("Hello {name}, {author_name} commented on {task} with the status {status}.", _WHY),
        _OPEN_TASK,
    ),
    "mention": Template(
        "[Kitsu] {status} - {author} mentioned you on {task}",
        ("Hello {name}, {author_name} mentioned you in a comment on {task}.", _WHY),
        _OPEN_TASK,
    ),
    "reply": Template(
        "[Kitsu] {status} - {author} replied on {task}",
        ("Hello {name}, {author_name} replied to a comment on {task}.", _WHY),
        _OPEN_TASK,
    ),
    "reply-mention": Template(
        "[Kitsu] {status} - {author} mentioned you on {task}",
        ("Hello {name}, {author_name} mentioned you in a reply on {task}.", _WHY),
        _OPEN_TASK,
    ),
    "assignation": Template(
        "[Kitsu] You were assigned to {task}",
        ("Hello {name}, {author_name} assigned you to {task}.", _WHY),
        _OPEN_TASK,
    ),
    "playlist_ready": Template(
        "[Kitsu] {production}: the playlist {playlist} is ready for you",
        ("Hello {name}, {author_name} has made the playlist {playlist} of {production} ready for your review.", _WHY),
        _OPEN_PLAYLIST,
    ),
    "playlist_built": Template(
        "[Kitsu] {production}: the movie of {playlist} is there",
        ("Hello {name}, the movie that you had built of the playlist {playlist} of {production} is there.",),
        "Save the movie",
    ),
    "webhook_disabled": Template(
        "{studio}: the webhook {webhook} was switched off",
        (
            "Hello {name}, the webhook {webhook} of {studio}, which leads to {host}, was switched off:",
            "Nothing more is sent there until an administrator switches it on again. What was sent before can be "
            "looked at and sent again.",
        ),
    ),
}
