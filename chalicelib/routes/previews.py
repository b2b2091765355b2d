"""Preview files: made on comments, ordered, drawn on, chosen, listed (docs/contract/files.md 6.2, 6.5 to 6.8)."""

from typing import Any

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access import previews as access
from chalicelib.domain.counters import main_previews
from chalicelib.domain.crud.pagination import whole_number
from chalicelib.domain.entities import kinds
from chalicelib.domain.files import annotations, frames, lists, main_preview_selection, previews
from chalicelib.http import answers
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import plain, shown
from chalicelib.routes.answer_schemas import Shown

area = Area("preview files", "Previews of tasks: revisions, order, drawings, lists.")
_COMMENT = "/actions/tasks/{task_id}/comments/{comment_id}"
_PREVIEW = "/actions/preview-files/{preview_file_id}"
_ENTITY = Shown(ENTITY)
_ROW = Shown(PREVIEW_FILE)
_ROWS = Shown(PREVIEW_FILE, many=True)


class NewPreview(msgspec.Struct):
    """A preview to be made; without a revision it joins the comment's, or opens the next one."""

    revision: int | None = None


class MainPreview(msgspec.Struct):
    """The preview that is to stand for an entity; of a movie, maybe a certain frame (from 1)."""

    frame_number: int | None = None


class Position(msgspec.Struct):
    """A place inside a revision, from 1."""

    position: int | None = None


class AnnotationChanges(msgspec.Struct):
    """Drawings to add and change (`{time, drawing: {objects}}`), and to take away (`{time, objects: [ids]}`)."""

    additions: list[Any] | None = None
    updates: list[Any] | None = None
    deletions: list[Any] | None = None


# -- on comments -------------------------------------------------------------------------------------------------------
@area.post(f"{_COMMENT}/add-preview", access=rules.task_actor(), body=NewPreview, answer=_ROW, status=201)
def add_preview(call: Call) -> Any:
    """A preview file on a comment, for a file to be uploaded to."""
    return plain(previews.add(call.caller, call.subject, call.params["comment_id"], call.body.revision))


@area.post(f"{_COMMENT}/preview-files/{{preview_file_id}}", access=rules.task_actor(), answer=_ROW, status=201)
def add_extra_preview(call: Call) -> Any:
    """One more preview file on a comment, in the revision of another one."""
    params = call.params
    return plain(previews.add_beside(call.caller, call.subject, params["comment_id"], params["preview_file_id"]))


@area.delete(f"{_COMMENT}/preview-files/{{preview_file_id}}", access=rules.task_actor(), status=204)
def remove_preview(call: Call) -> Answer:
    """Takes a preview file off a comment and away."""
    previews.remove_from(call.subject, call.params["comment_id"], call.params["preview_file_id"])
    return no_content()


# -- one preview -------------------------------------------------------------------------------------------------------
@area.put(f"{_PREVIEW}/set-main-preview", access=access.task_reader(), body=MainPreview, form=True, answer=_ENTITY)
def set_main_preview(call: Call) -> Any:
    """Makes a preview the picture of its entity; of a movie, a certain frame of it."""
    preview, task = call.subject
    return shown(main_preview_selection.choose(preview, task, call.body.frame_number), type=ENTITY.name)


# The interface sends this one without any body, which only a form may lack.
@area.put(
    "/actions/tasks/{task_id}/set-main-preview",
    access=rules.task_reader(),
    body=MainPreview,
    form=True,
    answer=_ENTITY,
)
def set_main_preview_of_task(call: Call) -> Any:
    """Makes the latest preview of a task the picture of its entity."""
    files = main_previews.of_task(call.subject.id)
    return shown(main_preview_selection.choose_latest(call.subject, files, call.body.frame_number), type=ENTITY.name)


@area.put(f"{_PREVIEW}/update-position", access=access.task_actor(), body=Position, answer=_ROWS)
def update_position(call: Call) -> Any:
    """Moves a preview inside its revision; all files of the revision, in their order."""
    return [plain(one) for one in previews.move(call.subject.preview, call.body.position)]


@area.put(f"{_PREVIEW}/update-annotations", access=access.annotator(), body=AnnotationChanges, answer=_ROW)
def update_annotations(call: Call) -> Any:
    """Adds, changes and takes away what is drawn on a preview."""
    preview, task = call.subject
    asked: AnnotationChanges = call.body
    given = (asked.additions or [], asked.updates or [], asked.deletions or [])
    return plain(annotations.change(call.caller, preview, task, *given))


@area.get(
    f"{_PREVIEW}/extract-frame",
    access=access.manager(),
    answer="image/png",
    query={"frame_number": {"type": "integer", "description": "From 1."}},
)
def extract_frame(call: Call) -> Answer:
    """A frame of a movie, in its size."""
    return answers.binary(frames.cut(call.subject, whole_number(call.query, "frame_number", 1)), "image/png")


@area.get(f"{_PREVIEW}/extract-tile", access=access.reader("preview_file_id"), answer="image/png")
def extract_tile(call: Call) -> Answer:
    """The frames of a movie side by side, made anew."""
    return answers.binary(frames.tile(call.subject), "image/png")


# -- lists -------------------------------------------------------------------------------------------------------------
@area.get("/data/tasks/{task_id}/previews", access=rules.task_reader(), answer=_ROWS)
def previews_of_task(call: Call) -> Any:
    """The previews of a task, highest revision first."""
    return lists.of_task(call.subject)


@area.get("/data/entities/{entity_id}/preview-files", access=rules.entity_reader())
def previews_of_entity(call: Call) -> Any:
    """The previews of an entity, short, by task type."""
    return lists.of_entity(call.subject)


def _declare_grouped(path: str, access_rule: rules.Rule, summary: str) -> None:
    @area.get(path, access=access_rule, summary=summary)
    def grouped(call: Call) -> Any:
        return lists.grouped(call.subject)


_declare_grouped(
    "/data/shots/{shot_id}/preview-files",
    rules.of_record("entity access", ENTITY, "shot_id", kinds.SHOT.require, checks.see_entity),
    "The previews of a shot by task type, one entry a revision.",
)
_declare_grouped(
    "/data/edits/{edit_id}/preview-files",
    rules.of_record("entity access", ENTITY, "edit_id", kinds.EDIT.require, checks.see_entity),
    "The previews of an edit by task type, one entry a revision.",
)
_declare_grouped(
    "/data/concepts/{concept_id}/preview-files",
    rules.of_record(
        "entity access, no clients",
        ENTITY,
        "concept_id",
        kinds.CONCEPT.require,
        checks.see_entity,
        rules.about(checks.not_client),
    ),
    "The previews of a concept by task type, one entry a revision.",
)
_declare_grouped(
    "/data/playlists/entities/{entity_id}/preview-files",
    rules.entity_reader(),
    "The previews of an entity by task type, one entry a revision.",
)


@area.get(
    "/data/projects/{project_id}/preview-files",
    access=rules.project_admin(),
    answer=_ROWS,
    query={"page": "From 1; without it, the whole list.", "limit": "Rows a page, 100 unless told."},
)
def previews_of_project(call: Call) -> Any:
    """The previews of a production, last changed first."""
    return lists.of_project(call.subject, call.query)


@area.get("/data/playlists/preview-files/running", access=rules.admin, answer=_ROWS)
def running_previews(call: Call) -> Any:
    """The previews that are processing or broken, in open productions; `failure` says why those broke."""
    del call
    return lists.running()
