"""Storage keys (chalicelib/media/keys.py)."""

import pytest

from chalicelib.media import keys

PREVIEW = "0a1b2c3d-0000-8000-8000-000000000001"


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("turn.png", "turn.png"),
        ("Été (final).v2.MOV", "_t_final_.v2.MOV"),
        ("../../etc/passwd.png", "_.._etc_passwd.png"),
        ("a b/c.zip", "a_b_c.zip"),
        (".png", "png"),
        ("x" * 300 + ".png", "x" * 117 + ".png"),
    ],
)
def test_an_upload_lies_under_its_preview(filename: str, name: str) -> None:
    key = keys.upload("0a1b2c3d0000", PREVIEW, filename)
    assert key == f"uploads/0a1b2c3d0000/{PREVIEW}/{name}"
    assert keys.uploaded(key) == (PREVIEW, name)


@pytest.mark.parametrize(
    "key", ["uploads/a.png", f"previews/home/{PREVIEW}/a.png", f"uploads/home/{PREVIEW}/a/b.png", ""]
)
def test_other_keys_belong_to_no_upload(key: str) -> None:
    assert keys.uploaded(key) is None


def test_a_generation_takes_the_place_of_files_of_the_same_names() -> None:
    at = keys.folder("home", PREVIEW)
    first = keys.Generation(at, "one", {keys.ORIGINAL: 10, keys.MOVIE: 99}).onto(None)
    second = keys.Generation(at, "two", {keys.ORIGINAL: 20}).onto(first)
    original, movie = keys.entry(second, keys.ORIGINAL), keys.entry(second, keys.MOVIE)
    assert original == keys.Entry(f"{at}/two/original.png", 20, "two-original")
    assert movie == keys.Entry(f"{at}/one/movie.mp4", 99, "one-movie")
    assert keys.entry(second, keys.TILE) is None
    assert keys.entry(None, keys.TILE) is None


def test_a_preview_tells_all_its_objects() -> None:
    stored = keys.Generation("previews/home/id", "one", {keys.PLAIN: 5}).onto(None)
    assert keys.of_file({"stored": stored, "upload": {"key": "uploads/home/id/a"}}) == [
        "previews/home/id/one/file",
        "uploads/home/id/a",
    ]
    assert keys.of_file({}) == []
