"""Working files: what people work in, by revisions (docs/contract/files.md sections 3.3 and 4)."""

from typing import Any, Final

import msgspec

from chalicelib.access import files, rules
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.files.crud.pipeline_files import with_outputs, with_sources
from chalicelib.domain.publishing import working_file_content, working_files
from chalicelib.domain.publishing.working_files import NewWorkingFile
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.files import OUTPUT_FILE, WORKING_FILE
from chalicelib.records.record import plain
from chalicelib.routes import stored_files
from chalicelib.routes.answer_schemas import TEXT, Shape, Shown
from chalicelib.routes.forms import sent_file
from chalicelib.routes.uploads import OfferedParts

area = Area("working files", "The files that people work in.")
_OF_TASK: Final = "/data/tasks/{task_id}/working-files"
_FILE: Final = "/data/working-files/{working_file_id}"
_ROW: Final = Shown(WORKING_FILE)
_ROWS: Final = Shown(WORKING_FILE, many=True)


class WorkingFilePath(msgspec.Struct):
    """Of which working file the path is asked for; `revision` 0 is the next one."""

    name: str = "main"
    mode: str = "working"
    software_id: str | None = None
    revision: int | None = 0
    sep: str = "/"
    comment: str | None = None

    def meant(self) -> NewWorkingFile:
        """The working file that is meant."""
        return NewWorkingFile(self.name, self.mode, self.sep, self.revision or 0, software_id=self.software_id)


class NewRevision(msgspec.Struct):
    """A working file to be made; `revision` 0 is the next one, without `person_id` it is the caller's."""

    name: str
    mode: str = "working"
    comment: str | None = ""
    person_id: str | None = None
    software_id: str | None = None
    revision: int | None = 0
    sep: str = "/"

    def meant(self) -> NewWorkingFile:
        """The working file that is meant."""
        whose = {"person_id": self.person_id, "software_id": self.software_id}
        return NewWorkingFile(self.name, self.mode, self.sep, self.revision or 0, self.comment or "", **whose)


class Words(msgspec.Struct):
    """What is said of a working file."""

    comment: str


class LargeContent(msgspec.Struct):
    """The content of a working file that is going to be sent; `size` in bytes, `resume` as with previews."""

    filename: str
    size: int
    resume: str | None = None


class OfferedContent(OfferedParts, kw_only=True):
    """Where to send the content of a working file."""

    working_file_id: str


class ByName:
    """Working files by their names."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "object", "additionalProperties": _ROW.schema()}


# -- of a task, of an entity -------------------------------------------------------------------------------------------
@area.get(_OF_TASK, access=rules.task_reader(), answer=_ROWS)
def list_working_files(call: Call) -> list[Any]:
    """Lists the working files of a task, highest revision first."""
    return [plain(one) for one in working_files.of_task(call.subject)]


@area.get(f"{_OF_TASK}/last-revisions", access=rules.task_reader(), answer=ByName())
def list_last_working_files(call: Call) -> dict[str, Any]:
    """The working file of the highest revision of each name."""
    return {name: plain(one) for name, one in working_files.last_revisions(call.subject).items()}


@area.post(
    "/data/tasks/{task_id}/working-file-path",
    access=rules.task_reader(),
    body=WorkingFilePath,
    answer=Shape(path=TEXT, name=TEXT),
)
def working_file_path(call: Call) -> dict[str, str]:
    """Folder and file name of a working file, as the file tree has them."""
    path = working_files.path(call.subject, call.body.meant())
    return {"path": path.folder, "name": path.file_name}


@area.post(f"{_OF_TASK}/new", access=rules.task_reader(), body=NewRevision, answer=_ROW, status=201)
def create_working_file(call: Call) -> Any:
    """A new revision of a working file; whoever makes it is assigned to the task."""
    return plain(working_files.create(call.caller, call.subject, call.body.meant()))


@area.get(
    "/data/entities/{entity_id}/working-files",
    access=files.entity_member(),
    answer=_ROWS,
    query={"task_id": "Of this task.", "name": "Of this name.", "relations": "`true` tells of the output files made."},
)
def list_working_files_of_entity(call: Call) -> list[Any]:
    """Lists the working files of an entity, highest revision first."""
    found = working_files.of_entity(call.subject, call.query)
    return with_outputs(found) if truth(call.query, "relations") else [plain(one) for one in found]


# -- one working file --------------------------------------------------------------------------------------------------
@area.put(
    "/actions/working-files/{working_file_id}/comment", access=files.working_file_actor(), body=Words, answer=_ROW
)
def comment(call: Call) -> Any:
    """Says something else of a working file."""
    return plain(working_files.comment(call.subject, call.body.comment))


@area.put("/actions/working-files/{working_file_id}/modified", access=files.working_file_actor(), answer=_ROW)
def modified(call: Call) -> Any:
    """Says that a working file was modified just now."""
    return plain(working_files.touch(call.subject))


@area.post(
    f"{_FILE}/file",
    access=files.working_file_reader(),
    files=True,
    large=f"{_FILE}/upload",
    answer=_ROW,
    status=201,
)
def send_content(call: Call) -> Any:
    """Sends the content of a working file, in the place of what it had; larger ones go by `…/upload`."""
    sent = sent_file(call)
    (row,) = with_outputs([working_file_content.replace(call.subject, sent.filename, sent.data)])
    return row


@area.get(f"{_FILE}/file", access=files.working_file_reader(), answer="application/octet-stream")
def content(call: Call) -> Answer:
    """The content of a working file."""
    return stored_files.answer(call, working_file_content.stored_file(call.subject))


@area.post(f"{_FILE}/upload", access=files.working_file_reader(), body=LargeContent, answer=OfferedContent, status=201)
def offer_content_upload(call: Call) -> Any:
    """Addresses to send the content of a working file to, up to 5 GB; above 100 MB, or to be gone on with, in parts."""
    return working_file_content.offer(call.subject, call.body.filename, call.body.size, call.body.resume)


@area.post(f"{_FILE}/upload/complete", access=files.working_file_reader(), answer=_ROW)
def complete_content_upload(call: Call) -> Any:
    """Says that the content was sent: it is what the working file holds from now on."""
    (row,) = with_outputs([working_file_content.complete(call.subject)])
    return row


# -- either ------------------------------------------------------------------------------------------------------------
@area.get("/data/files/{file_id}", access=files.file_member(), answer=Shown(OUTPUT_FILE))
def read_file(call: Call) -> Any:
    """Reads a working file, or an output file."""
    file = call.subject
    return (with_outputs if file.kind is WORKING_FILE else with_sources)([file])[0]
