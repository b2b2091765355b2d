"""Where requests to other servers may go."""

import ipaddress
import threading
import time

import pytest

from chalicelib.outgoing import addresses
from chalicelib.outgoing.addresses import NotAllowed, NotSent, addresses_of, is_public, target_of
from chalicelib.settings import current

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.255", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::",
    "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_not_called(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(NotAllowed):
        target_of(f"https://[{address}]/" if ":" in address else f"https://{address}/")


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450::1"])
def test_what_is_public_is_called(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "ftp://hooks.example.com/", "//hooks.example.com/", "hooks.example.com", "",
        "https://", "https://:443/", "https://name:word@hooks.example.com/", "https://name@hooks.example.com/",
        "https://hooks.example.com@10.0.0.1/", "https://hooks.example.com:8443/", "https://hooks.example.com:22/",
        "https://hooks.example.com:99999/", "https://hooks.example.com/a b", "https://hooks.example.com/\r\nX-Y: z",
        "https://hooks.example.com\\@10.0.0.1/", "https://hööks.example.com/", "https://hooks.example.com/\x00",
        "https://[fe80::1%25eth0]/", "https://[::1/", f"https://hooks.example.com/{'a' * 2000}",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        target_of(url)


def test_an_address_is_taken_apart() -> None:
    target = target_of("https://Hooks.example.com/a/b?c=d#e")
    assert (target.host, target.port, target.path) == ("hooks.example.com", 443, "/a/b?c=d")
    assert target.host_header == "hooks.example.com"


def test_further_ports_are_a_matter_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULPES_OUTGOING_PORTS", "443, 8065")
    current.cache_clear()
    assert target_of("https://chat.example.com:8065/x").host_header == "chat.example.com:8065"
    with pytest.raises(NotAllowed, match="443, 8065"):
        target_of("https://chat.example.com:8066/x")
    monkeypatch.undo()
    current.cache_clear()


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    target, until = target_of("https://hooks.example.com/"), time.monotonic() + 5
    for found in (["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"]):
        monkeypatch.setattr(addresses, "look_up", lambda *_, found=found: found)
        with pytest.raises(NotSent, match="not a public address"):
            addresses_of(target, until)
    monkeypatch.setattr(addresses, "look_up", lambda *_: ["8.8.8.8", "8.8.4.4"])
    assert addresses_of(target, until) == ["8.8.8.8", "8.8.4.4"]


def test_numbers_that_are_addresses_are_looked_at_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """`2130706433` and `0x7f.1` are names to a URL and 127.0.0.1 to the system."""
    for host in ("2130706433", "0x7f.1", "localhost"):
        with pytest.raises(NotSent):
            addresses_of(target_of(f"https://{host}/"), time.monotonic() + 5)


def test_a_name_server_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        over.wait(20)
        return []

    monkeypatch.setattr(addresses, "look_up", look_up)
    with pytest.raises(NotSent, match="too long"):
        addresses_of(target_of("https://hooks.example.com/"), time.monotonic() + 0.05)
    over.set()


def test_loopback_is_for_local_stages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULPES_OUTGOING_LOOPBACK", "allowed")
    monkeypatch.setenv("VULPES_STAGE", "prod")
    current.cache_clear()
    with pytest.raises(NotAllowed):
        target_of("http://127.0.0.1:8000/")
    monkeypatch.setenv("VULPES_STAGE", "local")
    current.cache_clear()
    assert target_of("http://127.0.0.1:8000/").port == 8000
    with pytest.raises(NotAllowed):
        target_of("http://10.0.0.1:8000/")
    monkeypatch.undo()
    current.cache_clear()
