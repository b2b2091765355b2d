import pytest

from chalicelib.http.cookies import clear_cookie, parse_cookies, set_cookie


def test_a_cookie_is_hidden_from_scripts_and_other_sites() -> None:
    assert set_cookie("access_token_cookie", "a.b-c_d", max_age=60, secure=True) == (
        "access_token_cookie=a.b-c_d; Path=/; SameSite=Lax; Max-Age=60; HttpOnly; Secure"
    )


def test_clearing_a_cookie_keeps_its_path() -> None:
    assert "Path=/auth/refresh-token" in clear_cookie("refresh_token_cookie", path="/auth/refresh-token")
    assert "Max-Age=0" in clear_cookie("refresh_token_cookie")


@pytest.mark.parametrize(
    ("name", "value", "path"), [("a b", "1", "/"), ("a", "1; Domain=x", "/"), ("a", "1\r\n", "/"), ("a", "1", "/;x")]
)
def test_nothing_breaks_out_of_a_cookie(name: str, value: str, path: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        set_cookie(name, value, path=path)


def test_reading_cookies() -> None:
    assert parse_cookies(['a=1; b="2"; a=3;; c; d=x=y']) == {"a": "1", "b": "2", "d": "x=y"}
