"""Letters about playlists: to clients, that one is ready for them; to who had a movie built, that it is there.

They are written from the stream, after the request that asked for them: nobody waits for a mail service.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.playlists import see_playlist
from chalicelib.domain.entities.kinds import ALL, MAIN
from chalicelib.domain.people.mail import deliver_once, site, wants_mail
from chalicelib.domain.production.episodes import is_show
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.files import BUILD_JOB, PLAYLIST
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

NOTIFY_CLIENTS: Final = "playlist:notify-clients"
# Where the API answers at the address of the web interface.
_API: Final = "/api"
_EFFECT: Final = "letter about a playlist"


def notify_clients(playlist: Record) -> list[str]:
    """Has the clients of a production told that a playlist is ready for them; gives the ids of those who get mail.

    That are those of the team who switched mails for notifications on. Invalid for a playlist that is not for clients.
    """
    if not playlist["for_client"]:
        raise Invalid("This playlist is not for clients.", "for_client", "true")
    persons = reference.every(PERSON)
    team = [persons[one] for one in checks.project_of(playlist)["team"] if one in persons]
    told = [one.id for one in team if one["role"] == "client" and wants_mail(one)]

    def command(changes: Changes) -> None:
        current = changes.read(PLAYLIST, playlist.id)
        changes.require(current)
        emit(changes, NOTIFY_CLIENTS, current["project_id"], playlist_id=current.id, person_ids=told)

    write(command)
    return told


def tell_clients(event: Mapping[str, Any]) -> None:
    """Mails the clients whom an event names, as far as they may see the playlist; each once, if the event comes again.

    Raises NotSent where a letter may go out later.
    """
    told = event["data"]
    playlist, author = reads.find(PLAYLIST, told["playlist_id"]), reference.find(PERSON, event["user_id"] or "")
    if playlist is None:
        return
    for person_id in told["person_ids"]:
        person = reference.find(PERSON, person_id)
        if person is not None and wants_mail(person) and _may_see(person, playlist):
            deliver_once(_EFFECT, f"{event['id']}:{person_id}", person, "playlist_ready", **_facts(playlist, author))


def tell_author(event: Mapping[str, Any]) -> None:
    """Mails who asked for a build that it has succeeded, and what is not in it (docs/contract/files.md 9.1).

    Raises NotSent where the letter may go out later.
    """
    told = event["data"]
    build = reads.find(BUILD_JOB, told["build_job_id"]) if told["status"] == "succeeded" else None
    person = reference.find(PERSON, build["person_id"] or "") if build else None
    playlist = reads.find(PLAYLIST, told["playlist_id"]) if person else None
    if build is None or person is None or playlist is None or not _has_mail(person) or not _may_see(person, playlist):
        return
    path = f"{_API}/data/playlists/{playlist.id}/jobs/{build.id}/build/mp4"
    facts = {**_facts(playlist, person), "link": site(path), "quote": build["error"] or ""}
    deliver_once(_EFFECT, f"{event['id']}:{person.id}", person, "playlist_built", **facts)


def _has_mail(person: Record) -> bool:
    return bool(person["email"] and person["active"] and not person["is_bot"])


def _may_see(person: Record, playlist: Record) -> bool:
    try:
        see_playlist(Caller(person), playlist)
    except (Forbidden, NotFound):
        return False
    return True


def _facts(playlist: Record, author: Record | None) -> dict[str, str]:
    return {
        "playlist": playlist["name"],
        "production": checks.project_of(playlist)["name"],
        "author_name": author["full_name"] if author else "",
        "link": _page(playlist),
    }


def _page(playlist: Record) -> str:
    """Where the web interface shows a playlist."""
    project, episode = checks.project_of(playlist), ""
    if is_show(project):
        episode = f"/episodes/{playlist['episode_id'] or (ALL if playlist['is_for_all'] else MAIN)}"
    return site(f"/productions/{project.id}{episode}/playlists/{playlist.id}")
