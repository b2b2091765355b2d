"""Reading a cut: the clips of the video tracks of an EDL, an OTIO timeline, or what else editing programs write.

OpenTimelineIO and its adapters take 0.15 s to import: they are imported here, when a cut is read.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from chalicelib.errors import Invalid

FILE: Final = "file"
# What a bundle holds is packed: a small file may be a huge timeline.
_MOST_BYTES: Final = 64_000_000
# What an integer of a record may be at most (records/validation.py).
_MOST_FRAMES: Final = 2**31 - 1
_TIMELINE_OF_BUNDLE: Final = "content.otio"
# Entities of XML are of no use in a cut, and a way to blow a small file up.
_ENTITY: Final = b"<!ENTITY"
_RATE_TOLERANCE: Final = 0.01
# Kinds that are nothing but a list of clips.
_LISTS: Final = (".edl", ".ale")


class Clip(NamedTuple):
    """A clip of a video track: its name without an extension, its first frame, its length.

    The first frame is counted within the track; where the track shows nothing of it, as that of an EDL that begins at
    another time than 0, it is that of the source (golden records of cuts).
    """

    name: str
    first: int
    length: int


def read(file_name: str, data: bytes, rate: float) -> list[Clip]:
    """The clips of a cut, track by track, gaps and transitions passed over.

    rate: frames per second of what tells none itself (EDL, ALE). The kind follows the extension of the name. Raises
    Invalid for an unknown one, for what cannot be read, and for a list of clips without any.
    """
    extension = extension_of(file_name)
    if extension not in _READERS:
        kinds = ", ".join(_READERS)
        raise Invalid(f"{extension or file_name!r} is no kind of cut.", FILE, f"a file whose name ends in {kinds}")
    if not data.strip():
        raise unreadable("It is empty.")
    if _ENTITY in data:
        raise unreadable("It declares entities.")
    try:
        clips = list(_clips(_READERS[extension](data, rate)))
    except Invalid:
        raise
    except Exception as problem:
        # The adapters raise whatever they run into.
        raise unreadable(str(problem).strip().partition("\n")[0][:200]) from None
    if extension in _LISTS and not clips:
        raise unreadable("It has no clips.")
    return clips


def extension_of(file_name: str) -> str:
    """The end of a file's name that tells its kind, in lower case."""
    return PurePosixPath(file_name.replace("\\", "/")).suffix.lower()


def unreadable(why: str) -> Invalid:
    """The refusal of a file that cannot be read, and why not."""
    return Invalid(f"The file cannot be read. {why}".strip(), FILE, "a cut as editing programs export it")


# -- kinds of files ----------------------------------------------------------------------------------------------------
def _by_adapter(name: str) -> Callable[[bytes, float], Any]:
    """What reads a text by an adapter of OpenTimelineIO that needs to be told nothing."""

    def read_text(data: bytes, rate: float) -> Any:
        del rate
        from opentimelineio import adapters

        return adapters.read_from_string(_text(data), name)

    return read_text


def _edl(data: bytes, rate: float) -> Any:
    from opentimelineio import adapters

    return adapters.read_from_string(_text(data), "cmx_3600", rate=_timecode_rate(rate), ignore_timecode_mismatch=True)


def _timecode_rate(rate: float) -> float:
    """The rate of timecode that a frame rate stands for: 23.976 for 24000/1001; Invalid where there is none."""
    from opentimelineio.opentime import RationalTime

    nearest = float(RationalTime.nearest_smpte_timecode_rate(rate))
    if abs(nearest - rate) > _RATE_TOLERANCE:
        raise unreadable(f"There is no timecode at {rate:g} frames per second, the rate of the production.")
    return nearest


def _otio(data: bytes, rate: float) -> Any:
    del rate
    from opentimelineio.core import deserialize_json_from_string

    text = _text(data)
    # The reader in C++ has no bound of its own: what is nested too deep would end the process.
    json.loads(text)
    return deserialize_json_from_string(text)


def _otioz(data: bytes, rate: float) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle, bundle.open(_TIMELINE_OF_BUNDLE) as packed:
        timeline = packed.read(_MOST_BYTES + 1)
    if len(timeline) > _MOST_BYTES:
        raise unreadable("Its timeline is too large.")
    return _otio(timeline, rate)


def _ale(data: bytes, rate: float) -> Any:
    from opentimelineio import adapters

    return adapters.read_from_string(_text(data), "ale", fps=_timecode_rate(rate))


def _aaf(data: bytes, rate: float) -> Any:
    del rate
    from opentimelineio import adapters

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut.aaf"
        path.write_bytes(data)
        return adapters.read_from_file(str(path), "AAF")


_READERS: Final[Mapping[str, Callable[[bytes, float], Any]]] = {
    ".edl": _edl,
    ".otio": _otio,
    ".otioz": _otioz,
    ".xml": _by_adapter("fcp_xml"),
    ".fcpxml": _by_adapter("fcpx_xml"),
    ".ale": _ale,
    ".aaf": _aaf,
}


def _text(data: bytes) -> str:
    for codec in ("utf-8-sig", "utf-16"):
        try:
            return data.decode(codec)
        except UnicodeError:
            continue
    return data.decode("latin-1")


# -- what is in a timeline ---------------------------------------------------------------------------------------------
def _clips(found: Any) -> Iterator[Clip]:
    """The clips of a timeline, of several in a collection, or those that stand in a collection one after the other."""
    from opentimelineio.schema import Clip as TimelineClip
    from opentimelineio.schema import SerializableCollection, Timeline, Track

    if not isinstance(found, Timeline | SerializableCollection):
        raise unreadable("It is no timeline.")
    loose = Track()
    for one in [found] if isinstance(found, Timeline) else found:
        if isinstance(one, TimelineClip):
            loose.append(one.deepcopy())
        elif isinstance(one, Timeline):
            for track in one.video_tracks():
                yield from _of_track(track)
    yield from _of_track(loose)


def _of_track(track: Any) -> Iterator[Clip]:
    """The clips of a track, those of compositions inside it too."""
    shown = track.source_range
    for clip in track.find_clips():
        span = clip.transformed_time_range(clip.trimmed_range(), track)
        if shown is not None and not shown.intersects(span):
            span = clip.trimmed_range()
        first, length = round(span.start_time.value), round(span.duration.value)
        if not (0 <= length <= _MOST_FRAMES and abs(first) <= _MOST_FRAMES):
            raise unreadable(f"The clip {clip.name!r} begins or ends where no frame is.")
        yield Clip(_name_of(clip), first, length)


def _name_of(clip: Any) -> str:
    """The name of a clip, else that of its media, without an extension."""
    media = clip.media_reference
    told = (clip.name or "").strip() or getattr(media, "target_url", "") or getattr(media, "name", "") or ""
    return PurePosixPath(told.replace("\\", "/")).stem
