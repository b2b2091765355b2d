"""Whatever a file holds, an import answers what is wrong with it: never a fault of the server, nothing half written."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.settings import current
from tests.unit.interchange.csv_files import file_of, send
from tests.unit.interchange.importing import Importer, Importing

COLUMNS = {
    "assets": ["Type", "Name", "Episode", "Description", "Ready for", "Cost", "Modeling", "Modeling comment"],
    "shots": ["Sequence", "Name", "Episode", "Nb Frames", "Frame In", "FPS", "Night", "Weather", "Animation"],
    "edits": ["Name", "Episode", "Description"],
    "casting": ["Parent", "Name", "Asset Type", "Asset", "Occurences", "Label", "Episode"],
    "estimations": ["Parent", "Entity", "Estimation", "Start date", "Due date", "Difficulty"],
}
CELLS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["SQ01", "SH010", "Character", "Lama", "Shot", "E01", "MP", "Episode", "yes", "wip", "", "1", "2.5", "-1", "0"]
    ),
    st.sampled_from(
        ["1e999", "nan", "inf", "-0", "9" * 400, "0x10", "1_0", "\u0661", "2024-02-30", "9999-12-31", "0001-01-01"]
    ),
    st.sampled_from(["x" * 5000, "\u202e", "\ud7ff\U0010ffff", "a\r\nb", "=cmd()", "'", "{}", "null", "\x7f\x1b"]),
)


def where(stage: Importing, what: str) -> str:
    return what if what != "estimations" else f"task-types/{stage.types['Animation'].id}/estimations"


@pytest.mark.parametrize("what", list(COLUMNS))
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=4), flags=st.integers(0, 3))
def test_no_cell_is_a_fault_of_the_server(stage: Importing, what: str, rows: list[list[str]], flags: int) -> None:
    head = COLUMNS[what]
    flagged = {"update": "true" if flags & 1 else "false", "dry_run": "true" if flags & 2 else "false"}
    reply = Importer(stage).send(where(stage, what), [head, *(row[: len(head)] for row in rows)], **flagged)
    assert reply.status in (200, 201, 400), reply.content
    if reply.status == 400:
        assert reply["message"]
        assert "line_number" in reply.json or reply["data"]["field"] == "file"


@pytest.mark.parametrize("what", list(COLUMNS))
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x08\x08\x08\x00",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf",
        "Type,Name\nProps,Cl\u00e9\n".encode("latin-1"),
        b'Type,Name\n"Props',
        b"just words\nand more of them\n",
        b"<html><body>,,,</body></html>",
        b"Name,Name,Name\n1,2,3\n",
        b",;\t,;\t\n",
    ],
)
def test_what_is_no_table_is_told_and_writes_nothing(api: Importer, stage: Importing, what: str, data: bytes) -> None:
    before = stage.everything()
    reply = api.send(where(stage, what), data)
    if what == "edits" and b"Name,Name" in data:
        return
    assert reply.status == 400
    assert reply["error"] == reply["message"] != ""
    assert stage.everything() == before


def test_a_file_beyond_the_limit_is_refused(api: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULPES_UPLOAD_LIMIT", "10000")
    current.cache_clear()
    refused = api.send("assets", b"Type,Name\n" + b"Props,Fence\n" * 1000)
    assert (refused.status, "smaller files" in refused["message"]) == (413, True)
    current.cache_clear()


@pytest.mark.parametrize("charset", ["latin-1", "windows-1252", "utf-16"])
def test_a_charset_that_is_told_is_honoured(api: Importer, stage: Importing, charset: str) -> None:
    data = file_of([["Type", "Name"], ["Character", "Cl\u00e9"]]).decode().encode(charset)
    path = f"/import/csv/projects/{stage.project.id}/assets"
    reply: Any = send(api, path, data, "manager", mime=f"text/csv; charset={charset}")
    assert reply.json[0]["name"] == "Cl\u00e9"
    assert send(api, path, data, "manager", encoding=charset).json[0]["name"] == "Cl\u00e9"
    assert send(api, path, data, "manager", mime="text/csv; charset=rot13").status == 415
