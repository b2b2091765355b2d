"""The HTTP server of the local stack: a thread for each connection, which stays open from request to request."""

import contextlib
import errno
import logging
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from typing import Any

from infra.local.problem import StartProblem
from infra.local.wire import BadRequest, Connection, Disconnected, Reply, Request, read_request, refusal

log = logging.getLogger("infra.local")
IDLE_SECONDS = 75.0
_MAKE = ', as in `make run RUN="--port 9090"`'
_TAKEN = f"Port {{}} is taken by another program, or by Vulpes in another terminal. Choose one with --port{_MAKE}."
Respond = Callable[[Request], Reply]


def bind(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A socket that holds the port (0: any free one) but does not answer yet; StartProblem where it is taken."""
    if not 0 <= port <= 65535:
        raise StartProblem(f"There is no port {port}; choose one from 1024 to 65535 with --port.")
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        return bound
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise StartProblem(_TAKEN.format(port)) from error
        if error.errno == errno.EACCES:
            raise StartProblem(f"Port {port} is not open to you; choose one above 1023 with --port{_MAKE}.") from error
        raise StartProblem(f"Port {port} cannot be used: {error.strerror}.") from error


class HttpServer(socketserver.ThreadingTCPServer):
    """Serves `respond(request) -> reply` on a bound socket from `start()` to `stop()`."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, bound: socket.socket, respond: Respond, name: str = "http") -> None:
        super().__init__(bound.getsockname(), socketserver.BaseRequestHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = bound
        self._respond = respond
        self._name = name
        self._open: set[socket.socket] = set()
        self._busy = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.port: int = bound.getsockname()[1]

    def start(self) -> None:
        """Begins to answer; StartProblem where somebody else took the port meanwhile."""
        try:
            self.server_activate()
        except OSError as error:
            raise StartProblem(_TAKEN.format(self.port)) from error
        threading.Thread(target=self.serve_forever, args=(0.05,), name=f"{self._name}-accept", daemon=True).start()

    def stop(self, patience: float = 3.0) -> None:
        """Takes no more requests, lets those under way finish for `patience` seconds, hangs up."""
        self._stopping.set()
        self.shutdown()
        self.server_close()
        end = time.monotonic() + patience
        while self._busy and time.monotonic() < end:
            time.sleep(0.01)
        with self._lock:
            remaining = list(self._open)
        for connection in remaining:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Notes what ended a connection out of order; socketserver would print it."""
        log.exception("A connection of %s broke off.", client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serves a connection, in its own thread, until one of the two hangs up."""
        with self._lock:
            self._open.add(request)
        try:
            request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request.settimeout(IDLE_SECONDS)
            connection = Connection(request)
            while not self._stopping.is_set() and self._exchange(connection, client_address[0]):
                pass
            _hang_up(request)
        except (Disconnected, OSError):
            pass
        finally:
            with self._lock:
                self._open.discard(request)

    def _exchange(self, connection: Connection, peer: str) -> bool:
        """One request and its reply; whether the connection goes on."""
        try:
            request = read_request(connection, peer)
        except BadRequest as error:
            return _refuse(connection, error)
        with self._lock:
            self._busy += 1
        try:
            reply = self._answer(request)
            keep_alive = request.keep_alive and not self._stopping.is_set() and request.body.skip()
            connection.write(reply, request.method, keep_alive)
            return keep_alive
        except BadRequest as error:
            return _refuse(connection, error)
        finally:
            with self._lock:
                self._busy -= 1

    def _answer(self, request: Request) -> Reply:
        try:
            return self._respond(request)
        except (BadRequest, Disconnected):
            raise
        except Exception:
            log.exception("%s %s failed.", request.method, request.path)
            return refusal(500, "Something went wrong here; the log of the server says more.")


def _refuse(connection: Connection, error: BadRequest) -> bool:
    connection.write(refusal(error.status, error.message), "GET", keep_alive=False)
    return False


def _hang_up(connection: socket.socket) -> None:
    """Ends our side and reads a little on: closing with unread bytes would reset the connection and lose the reply."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(0.5)
        for _ in range(64):
            if not connection.recv(65536):
                return
