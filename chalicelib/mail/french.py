"""The letters in French."""

from typing import Final

from chalicelib.mail.template import Template

_OPEN_TASK: Final = "Ouvrir la tâche"
_OPEN_PLAYLIST: Final = "Ouvrir la playlist"
_WHY: Final = "Vous recevez ce message car les notifications par e-mail sont activées dans votre profil chez {studio}."

LETTERS: Final = {
    "invitation": Template(
        "Invitation de {studio}",
        (
            "Bonjour {name}, vous avez un compte chez {studio}. Choisissez un mot de passe pour vous connecter :",
            "Ce lien sert une fois, dans les {days} jours. Votre identifiant est {email}.",
        ),
        "Choisir un mot de passe",
    ),
    "password_reset": Template(
        "{studio} : nouveau mot de passe",
        (
            "Bonjour {name}, un nouveau mot de passe a été demandé pour votre compte chez {studio}. Choisissez-le :",
            "Ce lien sert une fois, dans les {hours} heures. Si la demande ne vient pas de vous, ne faites rien : "
            "votre mot de passe reste le même.",
        ),
        "Choisir un nouveau mot de passe",
    ),
    "password_changed": Template(
        "{studio} : votre mot de passe a changé",
        (
            "Bonjour {name}, le mot de passe de votre compte chez {studio} a été changé.",
            "Si cela ne vient pas de vous, demandez un nouveau mot de passe sur la page de connexion et prévenez votre "
            "administrateur.",
        ),
    ),
    "password_set": Template(
        "{studio} : un administrateur a choisi votre mot de passe",
        (
            "Bonjour {name}, un administrateur de {studio} a donné un nouveau mot de passe à votre compte.",
            "Si vous ne vous y attendiez pas, demandez-lui.",
        ),
    ),
    "two_factor_code": Template(
        "{studio} : votre code",
        (
            "Bonjour {name}, voici votre code de connexion chez {studio} :",
            "Il est valable {minutes} minutes. Si vous ne l'avez pas demandé, quelqu'un connaît peut-être votre mot de "
            "passe : changez-le.",
        ),
        figure="{code}",
    ),
    "two_factor_disabled": Template(
        "{studio} : la double authentification est désactivée",
        (
            "Bonjour {name}, un administrateur de {studio} a désactivé la double authentification de votre compte. "
            "Désormais, votre mot de passe suffit pour vous connecter.",
            "Si vous ne vous y attendiez pas, demandez-lui. Vous pouvez la réactiver dans votre profil.",
        ),
    ),
    "comment": Template(
        "[Kitsu] {status} - {author} a commenté {task}",
        ("Bonjour {name}, {author_name} a commenté {task} avec le statut {status}.", _WHY),
        _OPEN_TASK,
    ),
    "mention": Template(
        "[Kitsu] {status} - {author} vous a mentionné sur {task}",
        ("Bonjour {name}, {author_name} vous a mentionné dans un commentaire sur {task}.", _WHY),
        _OPEN_TASK,
    ),
    "reply": Template(
        "[Kitsu] {status} - {author} a répondu sur {task}",
        ("Bonjour {name}, {author_name} a répondu à un commentaire sur {task}.", _WHY),
        _OPEN_TASK,
    ),
    "reply-mention": Template(
        "[Kitsu] {status} - {author} vous a mentionné sur {task}",
        ("Bonjour {name}, {author_name} vous a mentionné dans une réponse sur {task}.", _WHY),
        _OPEN_TASK,
    ),
    "assignation": Template(
        "[Kitsu] {task} vous est assigné",
        ("Bonjour {name}, {author_name} vous a assigné à {task}.", _WHY),
        _OPEN_TASK,
    ),
    "playlist_ready": Template(
        "[Kitsu] {production} : la playlist {playlist} est prête pour vous",
        ("Bonjour {name}, {author_name} a préparé la playlist {playlist} de {production} pour votre revue.", _WHY),
        _OPEN_PLAYLIST,
    ),
    "playlist_built": Template(
        "[Kitsu] {production} : le film de {playlist} est prêt",
        ("Bonjour {name}, le film que vous avez demandé de la playlist {playlist} de {production} est prêt.",),
        "Enregistrer le film",
    ),
    "webhook_disabled": Template(
        "{studio} : le webhook {webhook} est désactivé",
        (
            "Bonjour {name}, le webhook {webhook} de {studio}, qui mène à {host}, a été désactivé :",
            "Plus rien n'y est envoyé tant qu'un administrateur ne l'a pas réactivé. Les envois passés peuvent être "
            "consultés et renvoyés.",
        ),
    ),
}
