"""Where a request to another server may go: to public addresses alone, whoever wrote the URL.

A name is looked up once; the connection goes to the very address that was looked at, so that a name which leads
elsewhere a moment later (DNS rebinding) gains nothing.
"""

import ipaddress
import queue
import re
import socket
import threading
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from chalicelib.settings import current

LONGEST: Final = 2000
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_PORTS: Final = {"https": 443, "http": 80}
# What is routed publicly in IPv6; in it, 6to4 and Teredo lead to addresses of IPv4 that they hide.
_PUBLIC_IPV6: Final = ipaddress.ip_network("2000::/3")
_TUNNELS: Final = tuple(ipaddress.ip_network(one) for one in ("2002::/16", "2001::/23"))
_MOST_ADDRESSES: Final = 4
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotSent(Exception):
    """A request did not get as far as an answer; the text says why."""


class NotAllowed(NotSent):
    """A request may not go to where its URL leads; another try would change nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a URL names: `path` brings its query, `host` is the name that the certificate has to be for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Reads a URL; NotAllowed for what no request goes to, its text says what would be right."""
    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise NotAllowed(f"An address has at most {LONGEST} characters of ASCII, without blanks.")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise NotAllowed("This is no address of a server.") from None
    loopback = current().loopback_allowed
    if parts.scheme not in (("https", "http") if loopback else ("https",)):
        raise NotAllowed("Only https:// addresses are called.")
    if "@" in parts.netloc:
        raise NotAllowed("An address may not hold a name or a password.")
    if not _HOST.fullmatch(host):
        raise NotAllowed("The address names no host; write names of other alphabets as xn--….")
    port = port if port is not None else _PORTS[parts.scheme]
    if not loopback and str(port) not in current().outgoing_ports:
        raise NotAllowed(f"Port {port} is not called; allowed: {', '.join(current().outgoing_ports)}.")
    target = Target(parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    if (literal := _literal(host)) is not None:
        _refuse(target, literal)
    return target


def addresses_of(target: Target, until: float) -> list[str]:
    """The addresses of a target, looked up once; every one of them may be called.

    until: by `time.monotonic`. NotSent where one of them may not, since who mixes them means to lead astray; where the
    name is unknown, or its server takes too long. A name may lead elsewhere at the next try.
    """
    found = _looked_up(target, until)
    try:
        for address in found:
            _refuse(target, ipaddress.ip_address(address))
    except NotAllowed as problem:
        raise NotSent(str(problem)) from problem
    return found[:_MOST_ADDRESSES]


def _refuse(target: Target, address: _Address) -> None:
    if is_public(address) and target.scheme == "https":
        return
    if address.is_loopback and current().loopback_allowed:
        return
    raise NotAllowed(f"{target.host} is not a public address.")


def is_public(address: _Address) -> bool:
    """Whether an address is one of the open internet: neither private, loopback, link-local, nor of a carrier."""
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    return address in _PUBLIC_IPV6 and not any(address in one for one in _TUNNELS)


def _literal(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name, IPv4 first: functions on AWS have no IPv6. OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found.sort(key=lambda one: one[0] != socket.AF_INET)
    return list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))


def _looked_up(target: Target, until: float) -> list[str]:
    """Looks a name up beside this thread: the system's call knows no limit of time."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look() -> None:
        try:
            answers.put(look_up(target.host, target.port))
        except (OSError, UnicodeError) as problem:
            answers.put(problem if isinstance(problem, OSError) else OSError(str(problem)))

    threading.Thread(target=look, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty:
        raise NotSent(f"Looking up {target.host} took too long.") from None
    if isinstance(answer, OSError) or not answer:
        raise NotSent(f"{target.host} is unknown.")
    return answer
