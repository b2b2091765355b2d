"""Cuts are read whatever program wrote them, and what is none is refused (docs/contract/interchange.md section 3)."""

import gc
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentimelineio import adapters

from chalicelib.errors import Invalid
from chalicelib.interchange.editorial import reader_process, timelines
from chalicelib.interchange.editorial.naming import Convention
from chalicelib.interchange.editorial.timelines import Clip
from tests.unit.interchange.cuts import ale, edl, timeline, written

CUT = timeline(("SQ01-SH010", 1001, 1041), 10, ("SQ01-SH020.v2", 0, 60))
IN_THE_TRACK = [Clip("SQ01-SH010", 0, 40), Clip("SQ01-SH020", 50, 60)]


@pytest.mark.parametrize(
    ("name", "adapter"), [("cut.otio", "otio_json"), ("Cut.XML", "fcp_xml"), ("folder/cut.fcpxml", "fcpx_xml")]
)
def test_a_timeline_tells_where_clips_are_in_their_track(name: str, adapter: str) -> None:
    assert timelines.read(name, written(CUT, adapter), 25.0) == IN_THE_TRACK


def test_a_bundle_holds_a_timeline() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("content.otio", written(CUT))
    assert timelines.read("cut.otioz", packed.getvalue(), 25.0) == IN_THE_TRACK


@pytest.mark.parametrize("tracks", ["null", '{"OTIO_SCHEMA": "Stack.1", "children": [null]}', '"x"', "[]"])
def test_what_ends_its_reader_is_refused_and_ends_nothing_else(tracks: str) -> None:
    broken = f'{{"OTIO_SCHEMA": "Timeline.1", "tracks": {tracks}}}'.encode()
    with pytest.raises(Invalid) as refused:
        reader_process.read("\0Cut.OTIO/", broken, 25.0)
    assert refused.value.data["field"] == "file"


def test_a_process_of_its_own_tells_the_same() -> None:
    for name, data in (("cut.otio", written(CUT)), ("cut.edl", edl([("SQ01-SH010", 0, 40)]))):
        assert reader_process.read(name, data, 25.0) == timelines.read(name, data, 25.0)


@pytest.mark.parametrize("length", [-40, 2**31, 10**300])
def test_a_clip_has_as_many_frames_as_a_shot_may_have(length: int) -> None:
    with pytest.raises(Invalid, match="no frame is"):
        timelines.read("cut.otio", written(timeline(("SQ01-SH010", 0, length))), 25.0)


def test_an_aaf_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cut.aaf"
    adapters.write_to_file(
        timeline(("SQ01-SH010", 0, 40), ("SQ01-SH020", 8, 20)), str(path), "AAF", use_empty_mob_ids=True
    )
    assert timelines.read("cut.aaf", path.read_bytes(), 25.0) == [Clip("SQ01-SH010", 0, 40), Clip("SQ01-SH020", 40, 12)]


def test_a_list_of_events_tells_frames_of_the_source() -> None:
    events = [("SQ01-SH010.mov", 0, 48), ("SQ01-SH020.mov", 10, 34)]
    assert timelines.read("cut.edl", edl(events), 25.0) == [Clip("SQ01-SH010", 0, 48), Clip("SQ01-SH020", 10, 24)]
    assert [clip.name for clip in timelines.read("cut.ale", ale(events), 25.0)] == ["SQ01-SH010", "SQ01-SH020"]


@pytest.mark.parametrize("rate", [23.976, 23.98, 29.97, 59.94])
def test_rates_of_television_have_a_timecode(rate: float) -> None:
    assert timelines.read("cut.edl", edl([("SQ01-SH010", 0, 20)]), rate) == [Clip("SQ01-SH010", 0, 20)]


def test_a_clip_without_a_name_is_called_as_its_media() -> None:
    nameless = timeline(("SQ01-SH010", 0, 5))
    nameless.tracks[0][0].name = ""
    assert timelines.read("cut.otio", written(nameless), 25.0) == [Clip("SQ01-SH010", 0, 5)]


def test_sound_is_passed_over() -> None:
    heard = timeline(("Music", 0, 5))
    heard.tracks[0].kind = "Audio"
    assert timelines.read("cut.otio", written(heard), 25.0) == []


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccccccccc"><!ENTITY d "&b;&b;&b;&b;">]><xmeml>&d;</xmeml>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.txt", edl([("a", 0, 5)])),
        ("cut", edl([("a", 0, 5)])),
        ("cut.edl", b""),
        ("cut.edl", b" \n"),
        ("cut.edl", b"TITLE: Nothing"),
        ("cut.edl", b"nonsense"),
        ("cut.edl", edl([("a", 0, 5)]).replace(b":00:05", b":00:99")),
        ("cut.ale", b"nonsense"),
        ("cut.otio", b"{}"),
        ("cut.otio", b"not a timeline"),
        ("cut.otio", b"[" * 100_000),
        ("cut.otio", b'{"OTIO_SCHEMA": "Timeline.1"}'),
        ("cut.otio", b'{"OTIO_SCHEMA": "Clip.1"}'),
        ("cut.otioz", b"PK"),
        ("cut.xml", b"<xmeml/>"),
        ("cut.xml", b"<xmeml>"),
        ("cut.xml", BOMB),
        ("cut.fcpxml", b"<fcpxml/>"),
    ],
)
def test_what_is_no_cut_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        timelines.read(name, data, 25.0)
    assert refused.value.data["field"] == "file"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_no_aaf_is_refused() -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        timelines.read("cut.aaf", b"\xd0\xcf\x11\xe0" + bytes(600), 25.0)
    # The library leaves such a file open.
    gc.collect()


def test_a_bundle_does_not_grow_beyond_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "_MOST_BYTES", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("content.otio", b"[" + b" " * 100_000 + b"]")
    with pytest.raises(Invalid, match="too large"):
        timelines.read("cut.otioz", packed.getvalue(), 25.0)


def test_an_edl_is_counted_at_a_rate_that_has_a_timecode() -> None:
    with pytest.raises(Invalid, match="12 frames per second"):
        timelines.read("cut.edl", edl([("a", 0, 5)]), 12.0)


# -- names -------------------------------------------------------------------------------------------------------------
def test_a_convention_is_read_and_filled() -> None:
    convention = Convention("${project_name}_$sequence_name-${shot_name}")
    told = convention.read("Big_Film_SQ01-SH010_v3")
    assert told == {"project_name": "Big_Film", "sequence_name": "SQ01", "shot_name": "SH010_v3"}
    assert convention.filled(told) == "Big_Film_SQ01-SH010_v3"
    assert convention.read("Big_Film_SQ01") is None
    assert convention.read(" Big_Film_SQ01-SH010") is None, "it is read from the beginning on"


def test_what_follows_a_convention_does_not_count() -> None:
    assert Convention("${sequence_name}-${shot_name}_").read("SQ01-SH010_comp.v2") == {
        "sequence_name": "SQ01",
        "shot_name": "SH010",
    }


def test_case_counts_where_it_is_to() -> None:
    values = {"sequence_name": "SQ01"}
    assert Convention("${sequence_name}").filled(values) == "SQ01"
    either = Convention("${sequence_name}", match_case=False)
    assert either.filled(values) == either.compared("Sq01")


_WORDS = st.text("abcXYZ019", min_size=1, max_size=6)


@given(_WORDS, _WORDS)
def test_what_a_convention_says_is_read_from_it(sequence: str, shot: str) -> None:
    told = {"sequence_name": sequence, "shot_name": shot}
    convention = Convention("film_${sequence_name}-${shot_name}")
    assert convention.read(convention.filled(told)) == told


def test_many_variables_side_by_side_take_no_time() -> None:
    assert Convention("${a}${b}${c}${d}${e}${f}${g}!").read("x" * 200) is None
    assert Convention("${a}").read("x" * 100_000) is None
    with pytest.raises(Invalid):
        Convention("${a}" * 9)
    with pytest.raises(Invalid):
        Convention("x" * 401)
