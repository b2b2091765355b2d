"""Requests to servers that mean well, and to those that do not."""

import datetime
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.outgoing import addresses, requests
from chalicelib.outgoing.addresses import NotAllowed, NotSent
from tests.receiver import Receiver, answering, drip, flood

HEADERS = {"Content-Type": "application/json"}


def post(receiver: Receiver, seconds: float = 5.0, url: str = "") -> requests.Reply:
    return requests.send("POST", url or receiver.url, HEADERS, b'{"a": 1}', seconds)


def test_a_request_arrives_and_its_answer_is_given(receiver: Receiver) -> None:
    receiver.behave = answering(200, {"ok": True}, Retry_After="7")
    reply = post(receiver)
    assert (reply.status, reply.body, reply.headers["retry-after"]) == (200, b'{"ok": true}', "7")
    (got,) = receiver.requests
    assert (got.method, got.path, got.json) == ("POST", "/hook", {"a": 1})
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_chunks_are_put_together(receiver: Receiver) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    receiver.behave = lambda one: one.sendall(head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert post(receiver).body == b"abcde"


def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.behave = answering(302, Location=f"http://127.0.0.1:{receiver.port}/elsewhere")
    assert post(receiver).status == 302
    assert [one.path for one in receiver.requests] == ["/hook"]


def test_who_never_answers_is_not_waited_for(receiver: Receiver) -> None:
    receiver.behave = lambda _: receiver.wait_over()
    began = time.monotonic()
    with pytest.raises(NotSent, match="in time"):
        post(receiver, 0.2)
    assert time.monotonic() - began < 2


def test_a_slow_head_has_as_much_time_as_all_of_it(receiver: Receiver) -> None:
    receiver.behave = lambda one: drip(one, b"HTTP/1.1 200 OK\r\nX: ")
    began = time.monotonic()
    with pytest.raises(NotSent, match="in time"):
        post(receiver, 0.3)
    assert time.monotonic() - began < 3


def test_of_a_slow_body_the_status_counts(receiver: Receiver) -> None:
    receiver.behave = lambda one: drip(one, b"HTTP/1.1 200 OK\r\n\r\n")
    began = time.monotonic()
    reply = post(receiver, 0.3)
    assert (reply.status, set(reply.body)) == (200, {ord("x")})
    assert time.monotonic() - began < 3


def test_of_an_endless_body_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.behave = lambda one: flood(one, b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 10_000)
    reply = post(receiver)
    assert (reply.status, len(reply.body)) == (200, requests.MOST_BODY)


@pytest.mark.parametrize("piece", [b"x" * 10_000, b"X-More: y\r\n", b"\r\n X"])
def test_a_huge_head_is_no_answer(receiver: Receiver, piece: bytes) -> None:
    receiver.behave = lambda one: flood(one, b"HTTP/1.1 200 OK\r\nX: y", piece)
    with pytest.raises(NotSent, match="large"):
        post(receiver)


@pytest.mark.parametrize("told", [b"", b"HTTP/1.1", b"SSH-2.0-OpenSSH\r\n", b"\x00\xff\r\n\r\n"])
def test_what_is_no_answer_is_told_as_such(receiver: Receiver, told: bytes) -> None:
    receiver.behave = lambda one: one.sendall(told)
    with pytest.raises(NotSent):
        post(receiver)


def test_nobody_there_is_told_as_such(receiver: Receiver) -> None:
    receiver.close()
    with pytest.raises(NotSent, match="no connection"):
        post(receiver)


def test_a_header_stays_a_line(receiver: Receiver) -> None:
    for value in ("Bearer x\r\nX-Other: y", "x\n", "ü"):
        with pytest.raises(NotAllowed, match="Authorization"):
            requests.send("POST", receiver.url, {"Authorization": value}, b"")
    assert receiver.requests == []


def test_a_name_that_changes_its_address_gains_nothing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked up once, and what was looked at is called: not loopback, to which it leads the second time."""
    lookups, calls = [["93.184.216.34"], ["127.0.0.1"]], []

    def connect(self: socket.socket, address: tuple[str, int]) -> None:
        calls.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(addresses, "look_up", lambda *_: lookups.pop(0))
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(NotSent):
        post(receiver, url="https://hooks.example.com/")
    assert (calls, lookups) == ([("93.184.216.34", 443)], [["127.0.0.1"]])


@pytest.fixture
def secure(tmp_path: Path, loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server with a certificate for hooks.example.com, which is trusted here; every name leads to it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.example.com")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = tmp_path / "server.pem", tmp_path / "server.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, key_file)
    trusting = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(requests, "tls", lambda: trusting)
    monkeypatch.setattr(addresses, "look_up", lambda *_: ["127.0.0.1"])
    receiver = Receiver(tls=server)
    yield receiver
    receiver.close()


def test_the_certificate_has_to_be_for_the_host(secure: Receiver) -> None:
    assert post(secure, url=f"https://hooks.example.com:{secure.port}/x").status == 204
    with pytest.raises(NotSent, match=r"certificate is not valid.*elsewhere"):
        post(secure, url=f"https://elsewhere.example.com:{secure.port}/x")
    assert [one.headers["host"] for one in secure.requests] == [f"hooks.example.com:{secure.port}"]


def test_a_certificate_that_nobody_vouches_for_is_none(secure: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "tls", ssl.create_default_context)
    with pytest.raises(NotSent, match="certificate is not valid"):
        post(secure, url=f"https://hooks.example.com:{secure.port}/x")
    assert secure.requests == []
