"""What may be uploaded as a preview, by its extension (docs/contract/files.md 6.3)."""

from typing import Final, NamedTuple

from chalicelib.errors import Invalid

PICTURES: Final = frozenset({"jpg", "jpeg", "jpe", "png"})
MOVIES: Final = frozenset({"mp4", "mov", "mkv", "avi", "m4v", "webm", "wmv"})
_DOCUMENTS: Final = {"ai", "clip", "exr", "gif", "kra", "pdf", "psd", "psb", "sai", "sai2", "svg", "sbbkp", "tvpp"}
_SCENES: Final = {"ae", "blend", "comp", "fbx", "glb", "gltf", "hip", "ma", "mb", "obj"}
_OTHERS: Final = {"fla", "flv", "mp3", "rar", "swf", "wav", "zip"}
# Kept as they are; nothing is derived of them.
PLAIN: Final = frozenset(_DOCUMENTS | _SCENES | _OTHERS)
# What pictures and movies are kept as.
PICTURE_EXTENSION: Final = "png"
MOVIE_EXTENSION: Final = "mp4"
_LONGEST_NAME: Final = 250


class FileName(NamedTuple):
    """The name of an uploaded file, taken apart; the extension in lower case."""

    original: str
    extension: str

    @property
    def kept_as(self) -> str:
        """The extension of what is kept."""
        if self.extension in PICTURES:
            return PICTURE_EXTENSION
        return MOVIE_EXTENSION if self.extension in MOVIES else self.extension


def parse(filename: str) -> FileName:
    """Takes a file name apart; Invalid for an extension that no preview has."""
    original, _, extension = filename.rpartition(".")
    extension = extension.lower()
    if not original or extension not in PICTURES | MOVIES | PLAIN:
        known = ", ".join(sorted(PICTURES | MOVIES | PLAIN))
        raise Invalid(f"{filename!r} cannot be a preview.", "file", f"a file whose extension is one of {known}")
    return FileName(original[:_LONGEST_NAME], extension)
