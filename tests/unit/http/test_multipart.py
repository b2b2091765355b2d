import pytest

from chalicelib.errors import Invalid, UnsupportedMediaType
from chalicelib.http.multipart import header_value, parse
from tests.cpu import least_cpu
from tests.unit.http.client import file_part, parts, text_part


def test_fields_and_files() -> None:
    form = parse(parts(text_part("a", "1"), file_part("file", "x.png", b"\x00\r\n--ed"), text_part("a", "2")), "edge")
    assert form.fields == {"a": ["1", "2"]}
    assert [(one.field, one.filename, one.content_type, one.data) for one in form.files] == [
        ("file", "x.png", "image/png", b"\x00\r\n--ed")
    ]


def test_a_body_without_parts() -> None:
    assert parse(b"--edge--\r\n", "edge") == ({}, [])


def test_text_before_the_first_boundary_is_skipped() -> None:
    assert parse(b"hello\r\n" + parts(text_part("a", "1")) + b"\r\nbye", "edge").fields == {"a": ["1"]}


def test_a_file_input_that_was_left_alone_is_no_file() -> None:
    assert parse(parts(file_part("file", "", b"")), "edge").files == []


@pytest.mark.parametrize(
    ("parameter", "filename"),
    [
        ('filename="a b.png"', "a b.png"),
        ("filename=a.png", "a.png"),
        ('filename="say %22hi%22.png"', 'say "hi".png'),
        ('filename="say \\"hi\\".png"', 'say "hi".png'),
        ('filename="é.png"', "é.png"),
        ("filename=\"e.png\"; filename*=UTF-8''%C3%A9.png", "é.png"),
        ("filename*=klingon''a.png", "a.png"),
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\shots\\\\a.png"', "a.png"),
        ('filename="a\x00.png"', "a.png"),
    ],
)
def test_file_names(parameter: str, filename: str) -> None:
    body = parts((f'Content-Disposition: form-data; name="file"; {parameter}', b"x"))
    assert parse(body, "edge").files[0].filename == filename


def test_text_of_another_character_set() -> None:
    head = 'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=latin-1'
    assert parse(parts((head, b"\xe9")), "edge").fields == {"a": ["é"]}
    with pytest.raises(Invalid, match="The form field a is no text"):
        parse(parts(("Content-Disposition: form-data; name=a", b"\xe9")), "edge")
    for odd in ("utf-7", "zip", "a\0b"):
        with pytest.raises(UnsupportedMediaType):
            parse(parts((head.replace("latin-1", odd), b"+2AA-")), "edge")


@pytest.mark.parametrize(
    ("body", "boundary", "message"),
    [
        (b"--edge--", "", "names no boundary"),
        (b"", "edge", "does not occur"),
        (b"hello", "edge", "does not occur"),
        (parts(text_part("a", "1"))[:-6], "edge", "cut off"),
        (b"--edge", "edge", "boundary line does not end"),
        (b"--edge\r\nContent-Disposition: form-data", "edge", "headers of a part do not end"),
        (parts(("Content-Type: text/plain", b"1")), "edge", "lacks its Content-Disposition"),
        (b"--edge\r\n\r\n1\r\n--edge--", "edge", "lacks its Content-Disposition"),
        (parts(("Content-Disposition: form-data", b"1")), "edge", "no name"),
        (parts(("Content-Disposition form-data", b"1")), "edge", "no colon"),
        (parts(*[text_part("a", "1")] * 1001), "edge", "too many parts"),
    ],
)
def test_what_is_broken_is_named(body: bytes, boundary: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        parse(body, boundary)


def test_a_movie_is_split_without_being_walked_through() -> None:
    movie = b"\r\n--edg\n" * 500_000
    body = parts(file_part("file", "a.mp4", movie))

    def split() -> None:
        assert parse(body, "edge").files[0].data == movie

    # To look for the edge takes as long as to count the line ends; to walk from line to line in Python, 25 times that.
    assert least_cpu(split) < 10 * least_cpu(lambda: body.count(b"\r\n"))


def test_header_values() -> None:
    assert header_value('Text/CSV; charset="utf-8"; header=present') == (
        "text/csv",
        {"charset": "utf-8", "header": "present"},
    )
    assert header_value("") == ("", {})
