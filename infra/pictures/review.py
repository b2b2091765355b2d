"""What the pictures show besides pages: a movie for review, the letter about it, the link of an invitation."""

import base64
import email
import email.policy
import importlib
import subprocess
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from infra.local.demo import Visitor
from infra.local.stack import Stack

_PATIENCE_SECONDS: Final = 60.0
_SIZE: Final = (320, 180)
_FRAMES: Final = 48


class Review:
    """An artist publishes a movie of the demo production and asks its supervisor to look at it."""

    def __init__(self, stack: Stack, address: str, password: str) -> None:
        self._mail = stack.mail_folder
        self._app = importlib.import_module("app").app
        self._admin = Visitor(self._app, address, password)
        people = {one["first_name"]: one for one in self._admin.send("GET", "/data/persons")}
        self._supervisor, self._artist = people["Sergio"], people["Mina"]
        self._admin.send("PUT", f"/data/persons/{self._supervisor['id']}", {"notifications_enabled": True})
        self._preview = self._publish(Visitor(self._app, self._artist["email"], password))

    def letter(self) -> str:
        """The letter that the supervisor gets, as a page."""
        return self._letter_to(self._supervisor["email"], "html")

    def password_link(self) -> str:
        """The link of an invitation."""
        self._admin.send("GET", f"/actions/persons/{self._artist['id']}/invite")
        text = self._letter_to(self._artist["email"], "plain")
        return next(word for word in text.split() if word.startswith("http"))

    def tiles(self) -> str:
        """The frames of the movie side by side, as a data address."""
        picture = self._admin.read(f"/movies/tiles/preview-files/{self._preview}.png")
        return f"data:image/png;base64,{base64.b64encode(picture).decode()}"

    def _publish(self, artist: Visitor) -> str:
        tasks = artist.send("GET", "/data/user/tasks")
        task = next(one for one in tasks if one["sequence_name"] == "SQ01")
        name = f"{self._supervisor['first_name']} {self._supervisor['last_name']}"
        words = {"comment": f"@{name} Blocking is in: the sun sets behind the hill. Please have a look."}
        thread = f"/actions/tasks/{task['id']}"
        comment = artist.send("POST", f"{thread}/comment", {"task_status_id": task["task_status_id"], **words})
        preview = artist.send("POST", f"{thread}/comments/{comment['id']}/add-preview", {})
        artist.upload(f"/pictures/preview-files/{preview['id']}", "sunset.mp4", _movie())
        made = f"/data/preview-files/{preview['id']}"
        _wait_for("the movie", lambda: self._admin.send("GET", made)["status"] == "ready")
        return str(preview["id"])

    def _letter_to(self, address: str, kind: str) -> str:
        """The newest letter to somebody, once there is one; kind: html or plain."""
        found: list[EmailMessage] = []

        def look() -> bool:
            letters = [_parsed(file) for file in sorted(self._mail.glob("*.eml"))]
            found[:] = [letter for letter in letters if address in letter["To"]]
            return bool(found)

        _wait_for(f"a letter to {address}", look)
        body = found[-1].get_body((kind,))
        assert body is not None
        return str(body.get_content())


def _parsed(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def _wait_for(what: str, is_there: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not is_there():
        if time.monotonic() > until:
            raise TimeoutError(f"There is no sign of {what} after {_PATIENCE_SECONDS:.0f} s.")
        time.sleep(0.05)


def _movie() -> bytes:
    """Two seconds of a sunset: frames as they are, made a movie by ffmpeg."""
    from imageio_ffmpeg import get_ffmpeg_exe

    width, height = _SIZE
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", "24", "-i", "-"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sunset.mp4"
        command = [get_ffmpeg_exe(), "-loglevel", "error", *source, "-pix_fmt", "yuv420p", str(file)]
        subprocess.run(command, input=b"".join(map(_frame, range(_FRAMES))), check=True)
        return file.read_bytes()


def _frame(number: int) -> bytes:
    from PIL import Image, ImageDraw

    width, height = _SIZE
    share = number / (_FRAMES - 1)
    sky = (int(120 + 110 * share), int(170 - 70 * share), int(220 - 160 * share))
    image = Image.new("RGB", _SIZE, sky)
    draw = ImageDraw.Draw(image)
    left, top = 60 + 170 * share, 20 + 110 * share
    draw.ellipse((left, top, left + 40, top + 40), fill=(255, 236, 179))
    draw.polygon([(0, height), (0, 130), (100, 105), (210, 140), (width, 110), (width, height)], fill=(58, 74, 62))
    return image.tobytes()
