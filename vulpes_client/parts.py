"""Sending a file in parts: what arrived is not sent again, a part that fails is, until the line is back."""

import concurrent.futures
import os
import random
import threading
import time
from typing import Any, Callable, Dict, Optional

import gazu
import requests

Progress = Callable[[int, int], None]
AT_ONCE = 4
PATIENCE_SECONDS = 15 * 60.0
_LONGEST_PAUSE = 20.0
# Of connecting, and between two pieces of an answer.
_TIMEOUTS = (10, 120)


class UploadBroken(Exception):
    """A file did not come through; the same call goes on with what arrived."""


def send_file(
    client: Any, route: str, file_path: str, normalize: bool = True, progress: Optional[Progress] = None
) -> Any:
    """Sends a file by a route of uploads; gives the record that the API answers when all of it is there.

    progress: called with the bytes that are there, and all bytes. Errors: those of gazu for what the API refuses,
    UploadBroken where the line does not come back within a quarter of an hour.
    """
    size = os.path.getsize(file_path)
    asked = {"filename": os.path.basename(file_path), "size": size, "resume": _word_for(file_path, size)}
    if "preview-files" in route:
        asked["normalize"] = normalize
    offer = _patiently(lambda: gazu.client.post(route, asked, client=client))
    _Parts(file_path, size, offer, progress).send()
    return _patiently(lambda: gazu.client.post(route + "/complete", {}, client=client))


def _word_for(file_path: str, size: int) -> str:
    """The same for the same file, so that a script that is started again goes on."""
    return f"{size} {os.stat(file_path).st_mtime_ns} {os.path.basename(file_path)}"[:200]


class _Parts:
    """The parts of one file on their way."""

    def __init__(self, file_path: str, size: int, offer: Dict[str, Any], progress: Optional[Progress]) -> None:
        self._file_path = file_path
        self._size = size
        self._part_size: int = offer["part_size"]
        arrived = set(offer["arrived"])
        self._left = [part for part in offer["parts"] if part["number"] not in arrived]
        self._there = sum(self._bytes_of(number) for number in arrived)
        self._progress = progress
        self._lock = threading.Lock()

    def send(self) -> None:
        self._tell()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as senders:
            running = [senders.submit(self._send_part, part) for part in self._left]
            try:
                for done in concurrent.futures.as_completed(running):
                    done.result()
            except BaseException:
                for one in running:
                    one.cancel()
                raise

    def _bytes_of(self, number: int) -> int:
        return min(self._part_size, self._size - (number - 1) * self._part_size)

    def _send_part(self, part: Dict[str, Any]) -> None:
        with open(self._file_path, "rb") as file:
            file.seek((part["number"] - 1) * self._part_size)
            content = file.read(self._part_size)
        _patiently(lambda: self._put(part["url"], content))
        with self._lock:
            self._there += len(content)
            self._tell()

    def _tell(self) -> None:
        if self._progress:
            self._progress(self._there, self._size)

    @staticmethod
    def _put(url: str, content: bytes) -> None:
        answer = requests.put(url, data=content, timeout=_TIMEOUTS)
        if answer.status_code >= 500:
            raise requests.ConnectionError(f"The bucket answered {answer.status_code}.")
        if answer.status_code >= 400:
            raise UploadBroken(f"The bucket refused a part ({answer.status_code}): begin the upload again.")


def _patiently(attempt: Callable[[], Any]) -> Any:
    """Does something until the line lets it through; what is refused is not asked again."""
    end = time.monotonic() + PATIENCE_SECONDS
    pause = 0.5
    while True:
        try:
            return attempt()
        except (requests.ConnectionError, requests.Timeout, gazu.exception.ServerErrorException) as problem:
            if time.monotonic() + pause > end:
                raise UploadBroken("The line did not come back; call again to go on.") from problem
        time.sleep(pause * random.uniform(0.5, 1))
        pause = min(_LONGEST_PAUSE, pause * 2)
