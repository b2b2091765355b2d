"""Objects that no record names: left behind where a write was given up, or by a newer version of what named them.

Nothing else takes such objects away, since what looks unnamed may be on its way: a commit whose answer was lost, a
record that was read a moment ago. So an object is left alone for a day, and each is asked about once more before it
goes. A run looks at so many, and goes on where the last one ended; a pass over the whole bucket takes days, and the
next one begins a week after it began.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Final

from chalicelib.errors import Unavailable
from chalicelib.media import keys as media_keys
from chalicelib.media.keys import IMPORTS, PARTS, PLAYLISTS
from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.files import (
    ATTACHMENT_FILE,
    BUILD_JOB,
    PLAYLIST,
    PREVIEW_BACKGROUND_FILE,
    PREVIEW_FILE,
    WORKING_FILE,
)
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.production import PROJECT
from chalicelib.store import keys, objects, reads, spill
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry

ORPHAN_SECONDS: Final = 86_400
MOST_A_RUN: Final = 5_000
_A_BATCH: Final = 500
_PASS_DAYS: Final = 7
_CURSOR: Final = ("studio#sweep", "objects")
_PICTURES: Final = {f"{kind.table}s": kind for kind in (PERSON, PROJECT, ORGANISATION)}
_log = logging.getLogger("vulpes.files")
# Tells of objects, by their keys, which are named by a record.
Named = Callable[[Sequence[str]], set[str]]


def collect(seconds: float) -> int:
    """Takes away what nobody names, for so long or so many objects; gives how many went."""
    until, gone = time.monotonic() + seconds, 0
    began, after = _cursor()
    if not after and clock.shift(began, days=_PASS_DAYS) > clock.now():
        return 0
    began = began if after else clock.now()
    found = iter(objects.listed("", after))
    for _ in range(MOST_A_RUN // _A_BATCH):
        batch = list(islice(found, _A_BATCH))
        gone += _collect(batch)
        after = batch[-1].key if len(batch) == _A_BATCH else ""
        write(partial(_keep, cursor=f"{began}|{after}"))
        if not after or time.monotonic() > until:
            break
    return gone


def _keep(changes: Changes, cursor: str) -> None:
    changes.put(Entry(*_CURSOR, at=cursor))


def _cursor() -> tuple[str, str]:
    """When the pass began, and the key it came to: none where it is done."""
    row = reads.item(*_CURSOR)
    began, _, after = (row.at.S if row and row.at else "2000-01-01T00:00:00.000000|").partition("|")
    return began, after


def _collect(batch: Iterable[objects.Listed]) -> int:
    # The machine's clock, as for uploads: the bucket's moments need no agreement to the second.
    old = [one.key for one in batch if time.time() - one.modified > ORPHAN_SECONDS]
    gone = 0
    for folder, named in _NAMED.items():
        there = [key for key in old if key.startswith(folder)]
        try:
            orphans = sorted(set(there) - named(there)) if there else []
        except Unavailable:
            # What cannot be asked about stays, and the rest is not kept waiting for it.
            _log.warning("Objects from %s on could not be asked about.", there[0], exc_info=True)
            continue
        if orphans:
            _log.info("Nobody names these objects any more: %s", orphans)
            objects.discard(orphans)
            gone += len(orphans)
    return gone


def _of_items(there: Sequence[str]) -> set[str]:
    """`records/<partition>/<id>/<name>`: the item names the object that holds its large fields."""
    asked = {key: _item_of(key) for key in there}
    rows = reads.items(list(asked.values()))
    return {key for key, at in asked.items() if at in rows and (big := rows[at].big) is not None and key == big.S}


def _item_of(key: str) -> tuple[str, str]:
    _, *partition, record_id, _ = key.split("/")
    return "#".join(partition), record_id


def _of_attachments(there: Sequence[str]) -> set[str]:
    ids = {key: key.rpartition("/")[2] for key in there}
    known = {record.id for record in reads.get_many(ATTACHMENT_FILE, ids.values())}
    return {key for key, record_id in ids.items() if record_id in known or not keys.is_id(record_id)}


def _of_files(kind: Kind, there: Sequence[str]) -> set[str]:
    """`previews/<home>/<id>/…`, `working/<home>/<id>/…`: a preview or working file names each of its objects."""
    ids = {part for key in there for part in key.split("/")[2:3]}
    return {key for file in reads.get_many(kind, ids) for key in media_keys.of_file(file)}


def _of_playlists(there: Sequence[str]) -> set[str]:
    """`playlists/<home>/<id>/<sort>/…`: parts belong to a playlist that is there, movies to the builds that name them.

    What was packed is packed anew where it is asked for, and kept for a day.
    """
    places = {key: key.split("/") for key in there}
    known = {one.id for one in reads.get_many(PLAYLIST, {place[2] for place in places.values()})}
    builds = reads.get_many(BUILD_JOB, {place[-1].partition(".")[0] for place in places.values()})
    named = {job["movie"]["key"] for job in builds if job["movie"]}
    return {key for key, place in places.items() if key in named or (place[2] in known and place[3] == PARTS)}


def _of_pictures(there: Sequence[str]) -> set[str]:
    return {key for key in there if _has_picture(key)}


def _has_picture(key: str) -> bool:
    """`pictures/<persons …>/<id>.png`, `pictures/backgrounds/<id>/…`; what is neither is not ours to judge."""
    _, folder, name, *_ = [*key.split("/"), ""]
    if folder == "backgrounds":
        background = reads.find(PREVIEW_BACKGROUND_FILE, name)
        return background is not None and background["extension"] is not None
    kind = _PICTURES.get(folder)
    record = reads.find(kind, name.removesuffix(".png")) if kind else None
    return kind is None or (record is not None and bool(record["has_avatar"]))


_NAMED: Final[Mapping[str, Named]] = {
    spill.FOLDER: _of_items,
    "attachments/": _of_attachments,
    "previews/": partial(_of_files, PREVIEW_FILE),
    "working/": partial(_of_files, WORKING_FILE),
    "pictures/": _of_pictures,
    PLAYLISTS: _of_playlists,
    # What the queue function has not taken in after a day it never will.
    IMPORTS: lambda _: set(),
}
FOLDERS: Final = tuple(_NAMED)
