"""What a studio sends from ShotGrid, and how tests send it."""

from typing import Any

from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import keys, reads, reference
from tests.unit.tasks.stage import Stage, Studio

FILM = {"id": 101, "name": "Caminandes", "type": "Project"}
PERSON_11 = {
    "id": 11,
    "firstname": "Ann",
    "lastname": "Lee",
    "email": "ann.lee@example.com",
    "login": "ann",
    "department": {"id": 1, "name": "Modeling"},
}
ASSET_51 = {"id": 51, "code": "Fox", "description": "", "sg_asset_type": "Character", "project": FILM, "parents": []}
SEQUENCE_71 = {"id": 71, "code": "SQ71", "description": "", "project": FILM, "episode": None}
SHOT_91 = {
    "id": 91,
    "code": "SH091",
    "project": FILM,
    "sg_cut_in": 1001,
    "sg_cut_duration": 47,
    "sg_sequence": {"id": 71},
    "sg_scene": None,
    "sg_mood": "sad",
    "assets": [{"id": 51}],
}
TASK_201 = {
    "id": 201,
    "cached_display_name": "Animation main",
    "project": FILM,
    "step": {"id": 43},
    "entity": {"id": 91, "type": "Shot"},
    "sg_status_list": "wip",
    "created_by": {"id": 11},
    "task_assignees": [{"id": 11}],
    "start_date": "2024-03-04",
    "due_date": None,
    "sg_sort_order": 3,
    "duration": 2400,
}
NOTE_301 = {
    "id": 301,
    "content": "Longer tail",
    "created_at": "2023-05-06T07:08:09Z",
    "user": {"id": 11},
    "tasks": [{"id": 201}],
}
VERSION_401 = {
    "id": 401,
    "code": "v001",
    "description": "First",
    "sg_task": {"id": 201},
    "user": {"id": 11},
    "sg_uploaded_movie": {"url": "https://sg.example.com/1", "name": "v001.mov"},
}
# What a studio sends, in the order in which one names the other.
EVERYTHING: dict[str, dict[str, Any]] = {
    "persons": PERSON_11,
    "projects": {"id": 102, "name": "Spring", "sg_status": "Active", "sg_budget": 5},
    "projectconnections": {"id": 900, "project": {"id": 101}, "user": {"id": 11}},
    "status": {"id": 31, "name": "In progress", "code": "wip", "bg_color": "200,100,0"},
    "steps": {"id": 43, "code": "Animation", "color": "1,2,3", "entity_type": "Shot"},
    "assets": ASSET_51,
    "episodes": {"id": 61, "code": "E01", "description": "", "project": FILM},
    "sequences": SEQUENCE_71,
    "scenes": {"id": 81, "code": "SC01", "project": FILM, "sequence_sg_scenes_1_sequences": [{"id": 71}]},
    "shots": SHOT_91,
    "tasks": TASK_201,
    "notes": NOTE_301,
    "versions": VERSION_401,
}


def send(api: Studio, kind: str, *entries: Any) -> Any:
    reply = api.post(f"/import/shotgun/{kind}", list(entries))
    assert reply.status == 200, reply.content
    return reply.json


def send_everything(api: Studio) -> dict[str, Any]:
    return {kind: send(api, kind, entry) for kind, entry in EVERYTHING.items()}


def remove(api: Studio, word: str, number: int) -> Any:
    reply = api.post(f"/import/shotgun/remove/{word}", {"id": number, "type": word.capitalize()})
    assert reply.status == 200, reply.content
    return reply.json


def stored(stage: Stage, kind: Any) -> dict[str, Record]:
    """The records of a kind that came from ShotGrid, by their ids there."""
    home = keys.home_of_owner(stage.project.id)
    reference.look_again()
    every = reference.every(kind).values() if kind.reference else reads.query(kind, home)
    return {one["shotgun_id"]: one for one in every if one["shotgun_id"] is not None}


KINDS = (PERSON, PROJECT, TASK_TYPE, ENTITY, TASK, COMMENT, PREVIEW_FILE)
