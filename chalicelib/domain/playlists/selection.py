"""What a playlist was made to show: its entries, and the previews that they name (docs/contract/files.md section 9)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.records.files import PLAYLIST, PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import homes, reads

Entry = Mapping[str, Any]


def entries_of(playlist: Record) -> list[Entry]:
    """The entries of a playlist, in their order; whatever else an import or a generic body left there is none."""
    shots = playlist["shots"]
    return [one for one in shots if isinstance(one, dict)] if isinstance(shots, list) else []


def previews_of(playlist: Record) -> list[tuple[Entry, Record]]:
    """The entries whose preview is there, each with it (a read a hundred)."""
    shots = entries_of(playlist)
    wanted = [str(one.get("preview_file_id") or "") for one in shots]
    home = homes.of(PLAYLIST, playlist)
    found = {one.id: one for one in reads.get_many(PREVIEW_FILE, wanted) if homes.of(PREVIEW_FILE, one) == home}
    pairs = [(one, found.get(preview_id.lower())) for one, preview_id in zip(shots, wanted, strict=True)]
    return [(one, preview) for one, preview in pairs if preview is not None]
