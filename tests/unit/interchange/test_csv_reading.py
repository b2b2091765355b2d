"""Tables out of CSV files (docs/contract/interchange.md section 2)."""

import pytest

from chalicelib.errors import Invalid
from chalicelib.interchange import csv_reading, csv_writing
from chalicelib.interchange.rows.cells import Cells


def rows_of(data: bytes, codec: str | None = None) -> list[list[str]]:
    table = csv_reading.read(data, codec)
    return [list(table.head), *(list(row.cells) for row in table.rows)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_line_ends_are_found(separator: str, end: str) -> None:
    data = separator.join(["Type", "Name"]) + end + separator.join(["Props", '"Fence, tall; ""old"""']) + end
    assert rows_of(data.encode()) == [["Type", "Name"], ["Props", 'Fence, tall; "old"']]


def test_the_head_tells_the_separator_whatever_stands_in_quotes() -> None:
    assert rows_of(b'"a;b;c","d"\n1,2\n') == [["a;b;c", "d"], ["1", "2"]]
    assert rows_of(b"Name\nLama; big, really\n"[:10] + b"\n") == [["Name"], ["Lama;"]]


def test_a_cell_may_have_several_lines() -> None:
    assert rows_of(b'Name,Text\nLama,"one\ntwo\r\nthree"\n')[1] == ["Lama", "one\ntwo\r\nthree"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_utf_8_or_as_its_mark_says(codec: str) -> None:
    assert rows_of("Name\nÉté 🦙\n".encode(codec)) == [["Name"], ["Été 🦙"]]


def test_other_text_is_read_where_its_charset_is_told() -> None:
    data = "Name\nClé\n".encode("latin-1")
    assert rows_of(data, "latin-1") == [["Name"], ["Clé"]]
    with pytest.raises(Invalid, match="not written in utf-8"):
        rows_of(data)


def test_short_rows_are_filled_and_empty_ones_left_out() -> None:
    assert rows_of(b"a,b,c\n1\n\n,,\n1,2,3,,\n") == [["a", "b", "c"], ["1", "", ""], ["1", "2", "3"]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n",
        b",,\n1,2,3\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"Name\nLa\x00ma\n",
        b'Name\n"never closed\n',
        b'Name\n"a"b\n',
        b"Name\n" + b"x" * 200_000,
        "Name\n".encode("utf-16")[:-1],
        b"PK\x03\x04\x14\x00\x06\x00",
    ],
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        csv_reading.read(data)


def test_a_row_with_more_cells_than_columns_tells_its_number() -> None:
    with pytest.raises(Invalid) as refused:
        csv_reading.read(b"a,b\n1,2\n1,2,3\n")
    assert refused.value.extra["line_number"] == 2


def test_what_was_written_is_read_again() -> None:
    rows = [["Name", "Text"], ["=1+1", "-"], ["'=x", "''@y"], ["'plain", "+33 1"], ["\tTab", "it's"], ["-3", ";\r\n"]]
    assert rows_of(csv_writing.written(rows)) == rows


def test_of_columns_of_one_name_the_first_is_meant() -> None:
    table = csv_reading.read(b"Name,Animation,Animation\nSH010,loud,wip\n")
    cells = Cells(table, table.rows[0])
    assert (cells["Animation"], cells.at(2), cells["Other"]) == ("loud", "wip", "")
    assert table.places["Animation"] == [1, 2]
    assert "Other" not in cells
