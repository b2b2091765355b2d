"""What the files that are made of a playlist are called (docs/contract/files.md 9.1)."""

from chalicelib.domain.production.episodes import is_show
from chalicelib.domain.slugs import slug
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PLAYLIST
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import reads, reference


def file_name(playlist: Record) -> str:
    """`caminandes_e01_dailies`, without an extension: production, episode and name, as far as there are any.

    In a show, playlists of no episode say whether they are for all.
    """
    project = reference.get(PROJECT, playlist["project_id"])
    episode = episode_name(playlist)
    if is_show(project) and not episode:
        episode = "all_assets" if playlist["is_for_all"] else "main_pack"
    parts = [slug(one) for one in (project["name"], episode, playlist["name"])]
    return "_".join(part for part in parts if part) or PLAYLIST.table


def episode_name(playlist: Record) -> str:
    """The name of the episode of a playlist (one read), or nothing."""
    episode = reads.find(ENTITY, playlist["episode_id"] or "")
    return str(episode["name"]) if episode else ""
