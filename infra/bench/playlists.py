"""The rows of playlists: one of 200 entries in full, and a movie of 20 clips."""

import json
import logging
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.domain.files import storage
from chalicelib.domain.playlists import building
from chalicelib.media import keys, movies
from chalicelib.records.files import PLAYLIST, PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store.changes import write
from infra.bench.measuring import Asking, Cost, several
from infra.bench.studio import Measured, created

Row = tuple[str, str, str, bool | None]
_ENTRIES, _REVISIONS, _REVIEWED = 200, 3, 2
_CLIPS, _SECONDS = 20, 3
_BUCKET = "bench"


def in_full(asking: Asking, studio: Measured) -> list[Row]:
    """A playlist of 200 shots with 8 tasks each, two of them with three revisions."""
    tasks = [task for number, task in enumerate(studio.tasks[: 8 * _ENTRIES]) if number % 8 < _REVIEWED]
    previews = created(
        PREVIEW_FILE,
        (
            {"name": f"v{number}", "task_id": task.id, "revision": number, "status": "ready", "extension": "mp4"}
            for task in tasks
            for number in range(1, _REVISIONS + 1)
        ),
    )
    shown = {task["entity_id"]: previews[_REVISIONS * number].id for number, task in enumerate(tasks)}
    made = _playlist(studio, shown)
    path = f"/data/projects/{studio.project.id}/playlists"
    one = several(lambda: asking.ask("GET", f"{path}/{made.id}"), 5)
    some = several(lambda: asking.ask("GET", path), 5)
    return [
        (f"a playlist of {_ENTRIES} shots with all revisions", "-", _told(one), None),
        ("playlists of a production", "≤ 2 calls", _told(some), some.calls <= 2),
    ]


def _told(cost: Cost) -> str:
    return f"{cost.cpu:.1f} ms CPU, {cost.wall:.0f} ms, {cost.calls} calls, {cost.size / 1e6:.2f} MB"


def _playlist(studio: Measured, shown: dict[str, str]) -> Record:
    shots = [{"entity_id": entity_id, "preview_file_id": preview_id} for entity_id, preview_id in shown.items()]
    return created(PLAYLIST, [{"name": f"Of {len(shots)}", "project_id": studio.project.id, "shots": shots}])[0]


def movie(asking: Asking, studio: Measured) -> list[Row]:
    """A movie of 20 clips of three seconds in full HD, built, and built again with one clip changed."""
    with _bucket(), tempfile.TemporaryDirectory() as folder:
        previews = [_clip(studio.tasks[8 * number], Path(folder), number) for number in range(_CLIPS + 1)]
        shots = [studio.shots[number].id for number in range(_CLIPS)]
        made = _playlist(studio, {shot: preview.id for shot, preview in zip(shots, previews, strict=False)})
        first = _built(asking, made)
        changed = [*made["shots"][:-1], {"entity_id": shots[-1], "preview_file_id": previews[-1].id}]
        write(lambda changes: changes.update(changes.read(PLAYLIST, made.id), shots=changed))
        again = _built(asking, made)
    frames = _CLIPS * _SECONDS * 25
    return [
        (f"a movie of {_CLIPS} clips, 1920x1080, {frames} frames", "≤ 900 s", _seconds(first, frames), first <= 900),
        ("the same with one clip changed", "-", _seconds(again, frames), None),
    ]


def _seconds(spent: float, frames: int) -> str:
    return f"{spent:.1f} s, {frames / spent:.0f} frames/s"


@contextmanager
def _bucket() -> Iterator[None]:
    """A bucket in memory, a queue that nobody reads, and an ffmpeg."""
    import boto3
    from imageio_ffmpeg import get_ffmpeg_exe
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = f"http://127.0.0.1:{server._server.server_port}"  # type: ignore[union-attr]
    os.environ.update(VULPES_S3_ENDPOINT=url, VULPES_SQS_ENDPOINT=url, VULPES_BUCKET=_BUCKET)
    os.environ["VULPES_FFMPEG"] = get_ffmpeg_exe()
    current.cache_clear()
    region = current().region
    where = {"LocationConstraint": region}
    boto3.client("s3", region_name=region, endpoint_url=url).create_bucket(
        Bucket=_BUCKET, CreateBucketConfiguration=where
    )
    boto3.client("sqs", region_name=region, endpoint_url=url).create_queue(QueueName=current().media_queue)
    try:
        yield
    finally:
        server.stop()


def _clip(task: Record, folder: Path, number: int) -> Record:
    """A preview of a task with a clip; every second one of another size and rate."""
    size, rate = (("1920x1080", 25), ("1280x960", 24))[number % 2]
    film = folder / "clip.mp4"
    source = f"testsrc2=size={size}:rate={rate}:duration={_SECONDS}"
    command = [str(movies.program()), "-loglevel", "error", "-y", "-f", "lavfi", "-i", source]
    subprocess.run([*command, "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(film)], check=True)
    values = {"task_id": task.id, "revision": 9, "status": "ready", "extension": "mp4", "width": 1920, "height": 1080}
    preview = created(PREVIEW_FILE, [{"name": f"clip {number}", **values}])[0]
    stored = storage.put_files(preview, {}, {keys.MOVIE: film}).onto(None)
    return write(lambda changes: changes.update(changes.read(PREVIEW_FILE, preview.id), stored=stored))


def _built(asking: Asking, made: Record) -> float:
    """How long the queue function takes to build a playlist, in seconds."""
    build = json.loads(asking.ask("GET", f"/data/playlists/{made.id}/build/mp4").body)
    started = time.perf_counter()
    building.serve({"build_job_id": build["id"]})
    spent = time.perf_counter() - started
    path = f"/data/playlists/{made.id}/jobs/{build['id']}"
    ended = json.loads(asking.ask("GET", path).body)
    assert (ended["status"], ended["error"]) == ("succeeded", None), ended
    return spent
