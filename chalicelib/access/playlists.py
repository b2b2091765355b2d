"""Access rules of playlists and what is made of them (docs/contract/files.md section 9)."""

from collections.abc import Callable

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records.files import PLAYLIST
from chalicelib.records.record import Record

Test = Callable[[Caller, Record], None]


def see_playlist(caller: Caller, playlist: Record) -> None:
    """The team, no vendors; clients what is meant for them."""
    checks.not_vendor(caller)
    checks.see_project(caller, checks.project_of(playlist))
    if caller.is_client and not playlist["for_client"]:
        raise Forbidden("This playlist is not for clients.")


def supervise_playlist(caller: Caller, playlist: Record) -> None:
    """Supervisors of its production."""
    checks.supervise_project(caller, checks.project_of(playlist))


def manage_playlist(caller: Caller, playlist: Record) -> None:
    """Managers of its production."""
    checks.manage_project(caller, checks.project_of(playlist))


def follow_builds(caller: Caller, playlist: Record) -> None:
    """Managers of its production, and clients of what is meant for them."""
    see_playlist(caller, playlist)
    if not (caller.is_manager or caller.is_client):
        raise Forbidden("Builds are for managers and clients.")


def download_playlist(caller: Caller, playlist: Record) -> None:
    """Managers and supervisors of its production, and clients of what is meant for them."""
    see_playlist(caller, playlist)
    if not (caller.is_supervisor or caller.is_client):
        raise Forbidden("Playlists are downloaded by managers, supervisors and clients.")


def _team(call: Asked) -> None:
    call.subject = checks.known_project(call.params["project_id"])
    checks.not_vendor(call.caller)
    checks.see_project(call.caller, call.subject)


def _of_team(call: Asked) -> None:
    _team(call)
    playlist = load(PLAYLIST, call.params["playlist_id"])
    if playlist["project_id"] != call.subject.id:
        raise NotFound("This production has no such playlist.", {"id": playlist.id})
    see_playlist(call.caller, playlist)
    call.subject = playlist


def _of_playlist(name: str, test: Test) -> Rule:
    def check(call: Asked) -> None:
        call.subject = load(PLAYLIST, call.params["playlist_id"])
        test(call.caller, call.subject)

    return Rule(name, check)


# `call.subject` is the production.
team = Rule("project access, no vendors", _team)
# `call.subject` is the playlist, of the production that the path names.
of_team = Rule("project access, no vendors, what is for clients", _of_team)
# `call.subject` is the playlist.
manager = _of_playlist("manager of the project", manage_playlist)
supervisor = _of_playlist("supervisor of the project", supervise_playlist)
follower = _of_playlist("playlist access", follow_builds)
downloader = _of_playlist("playlist access, supervisors too", download_playlist)
