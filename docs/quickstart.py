"""The first hour with Vulpes, through gazu alone: a production, assets, shots, tasks, a comment, a picture.

    python docs/quickstart.py [http://127.0.0.1:8080/api]

Prints the address of the thumbnail that was made of the picture.
"""

import struct
import sys
import tempfile
import zlib
from pathlib import Path

import gazu

EMAIL, PASSWORD = "admin@example.com", "mysecretpassword"


def picture(width: int = 640, height: int = 360) -> bytes:
    """A PNG of one colour, so that the script needs no file and no library."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\xe8\x6a\x17" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def run(host: str, name: str = "Caminandes") -> str:
    """Walks through the slice on that host; gives the address of the thumbnail."""
    gazu.set_host(host)
    gazu.log_in(EMAIL, PASSWORD)

    project = gazu.project.new_project(name, production_type="short")
    modeling = gazu.task.get_task_type_by_name("Modeling")
    animation = gazu.task.get_task_type_by_name("Animation")
    for task_type in (modeling, animation):
        gazu.project.add_task_type(project, task_type, 1)

    props = gazu.asset.get_asset_type_by_name("Prop")
    llama = gazu.asset.new_asset(project, props, "Llama", description="The hero")
    sequence = gazu.shot.new_sequence(project, "SQ01")
    shot = gazu.shot.new_shot(project, sequence, "SH010", nb_frames=96)
    print(f"{project['name']}: asset {llama['name']}, shot {sequence['name']} / {shot['name']}")

    task = gazu.task.new_task(llama, modeling)
    gazu.task.new_task(shot, animation)
    me = gazu.client.get_current_user()
    gazu.task.assign_task(task, me)
    wip = gazu.task.get_task_status_by_short_name("wip")
    done = gazu.task.get_task_status_by_short_name("wfa")
    gazu.task.add_comment(task, wip, "On it")

    comment = gazu.task.add_comment(task, done, "First turn, please have a look")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "llama.png"
        path.write_bytes(picture())
        preview = gazu.task.add_preview(task, comment, str(path))
    gazu.task.set_main_preview(preview)

    task = gazu.task.get_task(task["id"])
    print(f"{llama['name']} / {modeling['name']}: {task['task_status']['name']}, {len(task['assignees'])} assigned")
    for event in gazu.client.get("data/events/last?limit=3"):
        print(f"  {event['created_at']} {event['name']}")
    return f"{host}/pictures/thumbnails/preview-files/{preview['id']}.png"


if __name__ == "__main__":
    print(run(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080/api"))
