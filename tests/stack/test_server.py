"""The HTTP server and the events it makes, byte by byte."""

import http.client
import threading
from collections.abc import Callable

import pytest

from infra.local.problem import StartProblem
from infra.local.server import HttpServer, bind
from infra.local.wire import Reply, Request, plain
from tests.stack.conftest import EchoApp, Wire

Connect = Callable[[], Wire]


def test_a_connection_stays_open_from_request_to_request(connect: Connect) -> None:
    wire = connect()
    for number in range(3):
        wire.send(b"GET /api/data/%d HTTP/1.1\r\nHost: x\r\n\r\n" % number)
        assert wire.reply()[2] == b"nothing"


def test_requests_sent_at_once_are_answered_in_their_order(connect: Connect) -> None:
    wire = connect()
    wire.send(b"".join(b"POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n%d" % n for n in range(5)))
    assert [wire.reply()[2] for _ in range(5)] == [b"0", b"1", b"2", b"3", b"4"]


def test_the_event_is_the_one_of_api_gateway(connect: Connect, echo: EchoApp) -> None:
    wire = connect()
    wire.send(
        b"PUT /api/data/caf%C3%A9/x?name=a%20b&name=c&empty= HTTP/1.1\r\nHost: here\r\nX-Two: 1\r\nx-two: 2\r\n"
        b"X-Three: 1\r\nX-Three: 2\r\nContent-Length: 4\r\n\r\n\x00\xff\r\n"
    )
    assert wire.reply()[0] == 200
    event = echo.events[0]
    assert (event["httpMethod"], event["path"]) == ("PUT", "/data/caf%C3%A9/x")
    assert event["queryStringParameters"] == {"name": "c", "empty": ""}
    assert event["multiValueQueryStringParameters"] == {"name": ["a b", "c"], "empty": [""]}
    assert event["multiValueHeaders"]["X-Three"] == ["1", "2"]
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert event["requestContext"]["resourcePath"] == "/{proxy+}"
    assert (event["body"], event["vulpes.raw"]) == (b"\x00\xff\r\n", True)


@pytest.mark.parametrize(
    ("asked", "seen"), [(b"/api", "/"), (b"/api/", "/"), (b"/api/data", "/data"), (b"/socket.io/?EIO=4", "/live")]
)
def test_the_app_never_sees_the_prefix(connect: Connect, echo: EchoApp, asked: bytes, seen: str) -> None:
    wire = connect()
    wire.send(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % asked)
    wire.reply()
    assert echo.events[0]["path"] == seen


def test_the_first_page_greets_and_other_places_are_empty(connect: Connect, echo: EchoApp) -> None:
    wire = connect()
    wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /apiary HTTP/1.1\r\nHost: x\r\n\r\n")
    assert wire.reply()[2] == b"<h1>Welcome</h1>"
    status, _, body = wire.reply()
    assert (status, b'"error": "There is nothing' in body, echo.events) == (404, True, [])


def test_a_browser_at_a_page_of_the_web_interface_is_told_that_there_is_none(connect: Connect) -> None:
    wire = connect()
    wire.send(b"GET /productions/x/tasks/y HTTP/1.1\r\nHost: here\r\nAccept: text/html,*/*;q=0.8\r\n\r\n")
    status, fields, page = wire.reply()
    assert (status, b"there is none here yet" in page) == (200, True)
    assert "script-src 'self'" in dict(fields)["content-security-policy"]
    wire.send(b"GET /productions/x/tasks/y HTTP/1.1\r\nHost: here\r\nAccept: */*\r\n\r\n")
    status, _, refused = wire.reply()
    assert (status, b"below /api" in refused) == (404, True), "a program is told where the API is"


def test_several_cookies_are_several_headers(connect: Connect) -> None:
    wire = connect()
    wire.send(b"GET /api HTTP/1.1\r\nHost: x\r\n\r\n")
    _, fields, _ = wire.reply()
    assert [value for name, value in fields if name == "set-cookie"] == ["access=1; Path=/", "refresh=2; Path=/"]


def test_head_and_no_content_have_no_body(connect: Connect) -> None:
    wire = connect()
    wire.send(b"HEAD /api HTTP/1.1\r\nHost: x\r\n\r\nGET /api/nothing HTTP/1.1\r\nHost: x\r\n\r\n")
    status, fields, _ = wire.reply(silent=True)
    assert (status, dict(fields)["content-length"]) == (200, "7")
    assert wire.reply()[0] == 204


def test_a_chunked_body_arrives_whole(connect: Connect) -> None:
    wire = connect()
    wire.send(b"POST /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    wire.send(b"5\r\nhello\r\n6;note=1\r\n world\r\n0\r\nTrailer: x\r\n\r\nGET /api HTTP/1.1\r\nHost: x\r\n\r\n")
    assert wire.reply()[2] == b"hello world"
    assert wire.reply()[2] == b"nothing"


def test_a_client_that_asks_first_is_told_to_go_on(connect: Connect) -> None:
    wire = connect()
    wire.send(b"POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    assert wire.reply()[0] == 100
    wire.send(b"ok")
    assert wire.reply()[2] == b"ok"


def test_a_broken_app_answers_500_and_the_connection_goes_on(connect: Connect) -> None:
    wire = connect()
    wire.send(b"GET /api/breaks HTTP/1.1\r\nHost: x\r\n\r\nGET /api HTTP/1.1\r\nHost: x\r\n\r\n")
    status, _, body = wire.reply()
    assert (status, b"broken" in body) == (500, False)
    assert wire.reply()[0] == 200


MALFORMED = {
    "no request": (b"nonsense\r\n\r\n", 400),
    "lower version": (b"GET / HTTP/0.9\r\n\r\n", 505),
    "no host": (b"GET /api HTTP/1.1\r\n\r\n", 400),
    "space before the colon": (b"GET /api HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    "folded header": (b"GET /api HTTP/1.1\r\nHost: x\r\n more\r\n\r\n", 400),
    "bare line feed": (b"GET /api HTTP/1.1\r\nHost: x\nEvil: 1\r\n\r\n", 400),
    "control character": (b"GET /api HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n", 400),
    "bare carriage return": (b"GET /api HTTP/1.1\r\nHost: x\rEvil: 1\r\n\r\n", 400),
    "no address": (b"GET elsewhere HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "negative length": (b"GET /api HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    "two lengths": (b"GET /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "both codings": (
        b"POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
    ),
    "unknown coding": (b"POST /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    "bad chunk": (b"POST /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "endless head": (b"GET /api HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 700_000 + b"\r\n\r\n", 431),
    "endless headers": (b"GET /api HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 100_000 + b"\r\n", 431),
    "larger than memory": (b"POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 99000000000\r\n\r\n", 413),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_request_is_refused_and_the_server_lives(connect: Connect, echo: EchoApp, name: str) -> None:
    data, status = MALFORMED[name]
    wire = connect()
    wire.send(data)
    assert wire.reply()[0] == status
    assert wire.ended()
    assert echo.events == []
    other = connect()
    other.send(b"GET /api HTTP/1.1\r\nHost: x\r\n\r\n")
    assert other.reply()[0] == 200


def test_older_clients_and_close_end_the_connection(connect: Connect) -> None:
    for data in (b"GET /api HTTP/1.0\r\n\r\n", b"GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
        wire = connect()
        wire.send(data)
        assert wire.reply()[0] == 200
        assert wire.ended()


def test_twenty_megabytes_go_both_ways(server: HttpServer) -> None:
    data = bytes(range(256)) * 80_000
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request("POST", "/api", data)
    assert connection.getresponse().read() == data
    connection.close()


def test_what_goes_through_a_proxy_names_the_whole_address(connect: Connect, echo: EchoApp) -> None:
    wire = connect()
    wire.send(b"GET http://studio.example/api/data?a=b HTTP/1.1\r\nHost: studio.example\r\n\r\n")
    wire.reply()
    assert (echo.events[0]["path"], echo.events[0]["queryStringParameters"]) == ("/data", {"a": "b"})


def test_an_upgrade_is_answered_without_one(connect: Connect) -> None:
    wire = connect()
    head = b"POST /api HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n"
    wire.send((head + b"ok") * 2)
    assert [wire.reply()[2] for _ in range(2)] == [b"ok", b"ok"]


def test_hundreds_wait_for_an_answer_and_nobody_else_does() -> None:
    news = threading.Event()

    def respond(request: Request) -> Reply:
        if request.path == "/news":
            news.wait(20)
        return plain(200, request.path)

    server = HttpServer(bind(0), respond)
    server.start()
    held = [Wire(server.port) for _ in range(200)]
    for wire in held:
        wire.send(b"GET /news HTTP/1.1\r\nHost: x\r\n\r\n")
    other = Wire(server.port)
    other.send(b"GET /quick HTTP/1.1\r\nHost: x\r\n\r\n")
    assert other.reply()[2] == b"/quick"
    assert not news.is_set()
    news.set()
    assert {wire.reply()[2] for wire in held} == {b"/news"}
    for wire in (*held, other):
        wire.close()
    server.stop()


def test_who_is_being_answered_is_answered_before_the_end() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def respond(request: Request) -> Reply:
        asked.set()
        go_on.wait(20)
        return plain(200, "done")

    server = HttpServer(bind(0), respond)
    server.start()
    wire = Wire(server.port)
    wire.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert asked.wait(10)
    stopping = threading.Thread(target=server.stop, args=(20.0,))
    stopping.start()
    go_on.set()
    assert wire.reply()[2] == b"done"
    assert wire.ended()
    stopping.join()
    wire.close()


def test_a_taken_port_is_named_in_plain_words(server: HttpServer) -> None:
    with pytest.raises(StartProblem, match=f"Port {server.port} is taken"):
        bind(server.port)
