"""Cuts as editing programs write them."""

from collections.abc import Iterable
from typing import Any

from opentimelineio import adapters, opentime, schema

Event = tuple[str, int, int]
RATE = 25


def edl(events: Iterable[Event]) -> bytes:
    """A CMX 3600 list of `(clip name, first frame of the source, frame after the last)`."""
    lines, record = ["TITLE: Cut", "FCM: NON-DROP FRAME", ""], 90_000
    for number, (name, first, end) in enumerate(events, 1):
        times = " ".join(_timecode(frame) for frame in (first, end, record, record + end - first))
        lines += [f"{number:03}  AX       V     C        {times}", f"* FROM CLIP NAME: {name}", ""]
        record += end - first
    return "\n".join(lines).encode()


def _timecode(frame: int) -> str:
    seconds, frames = divmod(frame, RATE)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def ale(events: Iterable[Event]) -> bytes:
    """An Avid log of the same."""
    rows = [f"{name}\t{_timecode(first)}\t{_timecode(end)}\t{_timecode(end - first)}" for name, first, end in events]
    head = ["Heading", "FIELD_DELIM\tTABS", f"FPS\t{RATE}", "", "Column", "Name\tStart\tEnd\tDuration", "", "Data"]
    return "\n".join([*head, *rows, ""]).encode()


def timeline(*parts: tuple[str, int, int] | int) -> Any:
    """A timeline of one video track: clips as above, and gaps of so many frames."""
    made = schema.Timeline("Cut")
    track = schema.Track("V1", kind=schema.TrackKind.Video)
    made.tracks.append(track)
    for part in parts:
        if isinstance(part, int):
            track.append(schema.Gap(duration=opentime.RationalTime(part, RATE)))
            continue
        name, first, end = part
        span = opentime.TimeRange(opentime.RationalTime(first, RATE), opentime.RationalTime(end - first, RATE))
        whole = opentime.TimeRange(opentime.RationalTime(0, RATE), opentime.RationalTime(end, RATE))
        media = schema.ExternalReference(target_url=f"file:///rushes/{name}.mov", available_range=whole)
        track.append(schema.Clip(name, media, span))
    return made


def written(made: Any, adapter: str = "otio_json") -> bytes:
    """A timeline as an adapter of OpenTimelineIO writes it."""
    text: str = adapters.write_to_string(made, adapter)
    return text.encode()
