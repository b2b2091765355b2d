"""The figures of the studio (docs/contract/production.md section 11)."""

from functools import partial
from typing import Final

from chalicelib.records.fields import STUDIO
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.tasks import COMMENT
from chalicelib.store import keys, reads, reference

_EXTENSIONS: Final = {
    "number_of_video_previews": "mp4",
    "number_of_picture_previews": "png",
    "number_of_model_previews": "obj",
}


def figures() -> dict[str, int]:
    """How many previews and comments there are in all productions.

    Counted by the engine: four queries a production, side by side. An administrator asks for them now and then.
    """
    homes = [STUDIO, *(keys.home_of_owner(project_id) for project_id in reference.every(PROJECT))]
    queries = {
        name: [partial(reads.count, PREVIEW_FILE, home, "extension", ("=", extension)) for home in homes]
        for name, extension in _EXTENSIONS.items()
    }
    queries["number_of_comments"] = [partial(reads.count, COMMENT, home, "object_id") for home in homes]
    counts = iter(reads.parallel([look for group in queries.values() for look in group]))
    return {name: sum(next(counts) for _ in homes) for name in queries}
