"""Whatever comes in, the answer is JSON of our making and never the server's fault."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.http.answers import binary
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from tests.unit.http.client import Client, anybody, event, parts, read, text_part


class Shape(msgspec.Struct):
    """Some fields."""

    name: str = ""
    rows: list[int] = []


area = Area("test")
area.get("/echo/{text}", access=anybody)(lambda call: [call.params, call.query, call.ip, call.cookies, call.base_url])
area.get("/movie", access=anybody)(lambda call: binary(b"frames" * 100, "video/mp4"))


@area.post("/json", access=anybody, body=Shape)
@area.post("/form", access=anybody, body=Shape, form=True, files=True)
def echo(call: Call) -> Any:
    return [call.body, call.form, [one.filename for one in call.files]]


anything = st.text(st.characters(codec=None), max_size=20)
kinds = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=edge"]
) | st.builds("application/json; charset={}".format, anything)
headers = st.fixed_dictionaries(
    {"Content-Type": kinds | anything},
    optional=dict.fromkeys(
        ("Authorization", "Cookie", "Range", "If-None-Match", "Accept-Encoding", "Origin", "Host", "X-Real-IP"),
        anything,
    ),
)
bodies = (
    st.binary(max_size=50) | anything | st.builds(lambda data: parts(text_part("rows", "[1]"), ("", data)), st.binary())
)
paths = st.sampled_from(["/movie", "/json", "/form"]) | st.builds("/echo/{}".format, anything) | anything


@settings(max_examples=300, deadline=None, database=None)
@given(
    st.sampled_from(["GET", "POST", "HEAD", "OPTIONS"]),
    paths,
    headers,
    st.dictionaries(anything, anything, max_size=3),
    bodies,
)
def test_no_request_is_answered_by_a_fault(method: str, path: str, sent: Any, query: Any, body: Any) -> None:
    client = Client([area])
    got = read(client.app(event(method, path, headers=sent, query=query, body=body), None))
    assert got.status < 500, client.lines
    if got.status >= 400 and method != "HEAD":
        assert got.json["error"] == got.json["message"] != ""
