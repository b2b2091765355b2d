"""A Kitsu server that is read through its API alone: signed in once, connections kept, a few requests side by side.

Besides the sign-in nothing but GET is sent. The routes are those of docs/contract. A newer Kitsu may lack some of them,
give pages where an older one gives a list, and tell more of each record: what is not known here is passed over.
"""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

import msgspec
import urllib3

Row = dict[str, Any]
_PAGE: Final = 500
_WORKERS: Final = 4
_CHUNK: Final = 1_000_000
# How often a request is sent that the server is too busy for, or does not answer.
_TRIES: Final = 8
_BUSY: Final = (429, 500, 502, 503, 504)
# What is not there, or is a route that this version does not have.
_NOT_THERE: Final = (404, 405, 410, 501)
_LONGEST_PAUSE: Final = 30.0
_TIMEOUT: Final = urllib3.Timeout(connect=20.0, read=300.0)


class SourceProblem(Exception):
    """The other server does not do what is needed; the message says what."""


class Missing(SourceProblem):
    """What was asked for is not there, neither a record nor a route."""


class BrokenOff(SourceProblem):
    """A file did not come to its end."""


class Source:
    """Another server. Threads may share it."""

    def __init__(self, url: str, email: str = "", password: str = "", token: str = "") -> None:
        """url: of its API, with or without `/api`. Either address and password, or the token of a bot."""
        self.url = url.rstrip("/")
        self._credentials = {"email": email, "password": password}
        self._token = token
        self._is_bot = bool(token)
        self._signing_in = threading.Lock()
        self._http = urllib3.PoolManager(
            maxsize=16, timeout=_TIMEOUT, retries=urllib3.Retry(0, redirect=5, raise_on_redirect=True)
        )
        self.person_id = ""
        self.version = ""

    def open(self) -> None:
        """Finds the API and signs in as an administrator. Raises SourceProblem where either does not go."""
        for url in (f"{self.url}/api", self.url):
            try:
                told = self._decoded(self._send("GET", f"{url}/", tries=2))
            except (SourceProblem, msgspec.DecodeError):
                continue
            if isinstance(told, dict) and "version" in told:
                self.url, self.version = url, str(told["version"])
                break
        else:
            raise SourceProblem(f"There is no Kitsu API at {self.url}.")
        if not self._is_bot:
            self._sign_in("")
        user = self.get("/auth/authenticated").get("user", {})
        if user.get("role") != "admin":
            raise SourceProblem("Only an administrator of the other server reads all that is to be moved.")
        self.person_id = "" if self._is_bot else user["id"]

    def close(self) -> None:
        """Ends the connections."""
        self._http.clear()

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a GET. Raises Missing where there is no such thing, SourceProblem for any other refusal."""
        return self._decoded(self._asked(path, query))

    def rows(self, path: str, **query: Any) -> Iterator[list[Row]]:
        """The rows of a list, page by page, also where the route has no pages. Some pages are asked for ahead.

        Raises Missing where there is no such list.
        """
        first = self.get(path, **query, page=1, limit=_PAGE)
        if isinstance(first, list):
            yield first
            return
        if not isinstance(first, dict) or not isinstance(first.get("data"), list):
            raise SourceProblem(f"GET {path} answers neither a list nor a page of one.")
        yield first["data"]
        rest = range(2, _pages_of(first) + 1)
        with ThreadPoolExecutor(_WORKERS) as workers:
            waiting: list[Future[Any]] = []
            for number in rest:
                waiting.append(workers.submit(self.get, path, **query, page=number, limit=_PAGE))
                if len(waiting) >= _WORKERS:
                    yield waiting.pop(0).result()["data"]
            for future in waiting:
                yield future.result()["data"]

    @contextmanager
    def file(self, path: str, may_break: bool = False) -> Iterator[Iterator[bytes]]:
        """The bytes of a file as they come. Raises Missing where there is none.

        may_break: a route that some versions answer with a 500 where there is no file.
        """
        answer = self._asked(path, {}, stream=True, may_break=may_break)
        try:
            yield _whole(answer)
        except BaseException:
            # What is left of it is not waited for.
            answer.close()
            raise
        answer.drain_conn()
        answer.release_conn()

    # -- requests --------------------------------------------------------------------------------------------------
    def _asked(
        self, path: str, query: dict[str, Any], stream: bool = False, may_break: bool = False
    ) -> urllib3.BaseHTTPResponse:
        for _ in range(2):
            token = self._token
            busy = tuple(one for one in _BUSY if one != 500) if may_break else _BUSY
            answer = self._send("GET", f"{self.url}{path}", fields=query, token=token, stream=stream, busy=busy)
            if answer.status in (401, 422) and not self._is_bot:
                answer.drain_conn()
                self._sign_in(token)
                continue
            break
        if answer.status in _NOT_THERE or (may_break and answer.status == 500):
            answer.drain_conn()
            raise Missing(f"{path} is not there.")
        if answer.status != 200:
            raise SourceProblem(f"GET {path}: {answer.status} {answer.data[:300].decode(errors='replace')}")
        return answer

    def _sign_in(self, expired: str) -> None:
        """Gets a new token in the place of one that is over; of several threads the first does."""
        with self._signing_in:
            if self._token != expired:
                return
            answer = self._send("POST", f"{self.url}/auth/login", json=self._credentials)
            told = self._decoded(answer) if answer.status in (200, 400, 401) else {}
            if answer.status != 200 or not told.get("access_token"):
                why = told.get("message") or ("a second factor is asked for" if told else "no reason is given")
                raise SourceProblem(f"Signing in to {self.url} is refused: {answer.status}, {why}.")
            self._token = told["access_token"]

    def _send(
        self,
        method: str,
        url: str,
        token: str = "",
        stream: bool = False,
        tries: int = _TRIES,
        busy: Sequence[int] = _BUSY,
        **more: Any,
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Accept-Encoding": "gzip", **({"Authorization": f"Bearer {token}"} if token else {})}
        for number in range(1, tries + 1):
            try:
                answer = self._http.request(method, url, headers=headers, preload_content=not stream, **more)
            except urllib3.exceptions.HTTPError as problem:
                if number == tries or isinstance(problem, urllib3.exceptions.LocationValueError):
                    raise SourceProblem(f"{self.url} does not answer: {problem}") from problem
            else:
                if answer.status not in busy or number == tries:
                    return answer
                answer.drain_conn()
            time.sleep(min(_LONGEST_PAUSE, random.uniform(0.1, 0.3) * 2**number))
        raise AssertionError("unreachable")

    @staticmethod
    def _decoded(answer: urllib3.BaseHTTPResponse) -> Any:
        return msgspec.json.decode(answer.data)


def _pages_of(first: Row) -> int:
    """How many pages a list has, by what its first one tells."""
    if isinstance(first.get("nb_pages"), int):
        return int(first["nb_pages"])
    total, rows = first.get("total"), first["data"]
    return -(-total // len(rows)) if isinstance(total, int) and rows else 1


def _whole(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """The bytes of an answer; urllib3 checks that none is missing."""
    try:
        yield from answer.stream(_CHUNK)
    except urllib3.exceptions.HTTPError as problem:
        raise BrokenOff(f"A file broke off: {problem}") from problem
