"""The letters in French."""

from typing import Final

from chalicelib.mail.template import Template

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
    "sign_in_code": Template(
        "{studio} : votre code",
        (
            "Bonjour {name}, le code pour votre compte chez {studio} est {code}.",
            "Il sert une fois, dans les {minutes} minutes. Si vous ne l'avez pas demandé, quelqu'un d'autre a essayé "
            "de se connecter à votre place : ne donnez ce code à personne.",
        ),
    ),
    "two_factor_disabled": Template(
        "{studio} : la double authentification a été désactivée",
        (
            "Bonjour {name}, un administrateur de {studio} a désactivé la double authentification de votre compte. "
            "Désormais, votre mot de passe seul suffit pour vous connecter.",
            "Réactivez-la dans votre profil. Si vous ne vous y attendiez pas, demandez-lui.",
        ),
    ),
}
