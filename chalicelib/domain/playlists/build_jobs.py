"""The builds of playlists as records (docs/contract/files.md 9.1)."""

from chalicelib.records.files import BUILD_JOB, PLAYLIST
from chalicelib.records.record import Record
from chalicelib.store import homes, reads


def of_playlist(playlist: Record) -> list[Record]:
    """The builds of a playlist, newest first (one query)."""
    found = reads.query(BUILD_JOB, homes.of(PLAYLIST, playlist), "l1", ("=", playlist.id))
    return sorted(found, key=lambda job: job["created_at"], reverse=True)
