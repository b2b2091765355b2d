"""Pictures: uploads of previews, what is shown of them, faces, logos, backgrounds.

Source: docs/contract/files.md 6.3, 6.4, 7, 8.
"""

from typing import Any, Final

from chalicelib.access import checks, rules
from chalicelib.access import previews as access
from chalicelib.access.caller import Caller
from chalicelib.access.rules import Rule, about
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.files import attachments, avatars, backgrounds, downloads, uploads
from chalicelib.domain.files.crud.attachments import see_attached_file
from chalicelib.http import answers
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.media import keys
from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_BACKGROUND_FILE, PREVIEW_FILE
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.forms import sent_file
from chalicelib.routes.stored_files import WEEK, answer, http_date

area = Area("pictures", "Pictures and other files of previews, faces, logos, backgrounds.")
PNG: Final = "image/png"


@area.post(
    "/pictures/preview-files/{instance_id}",
    access=access.task_actor("instance_id"),
    files=True,
    answer=Shown(PREVIEW_FILE),
    status=201,
    query={
        "normalize": "`false` keeps a movie as it is.",
        "no_job": "`true` waits some seconds for what is made later.",
    },
)
def upload_preview(call: Call) -> Any:
    """The file of a preview; pictures are ready with the answer unless they are large, movies later."""
    sent, query = sent_file(call), call.query
    row = uploads.receive(
        call.caller,
        call.subject.preview,
        sent.filename,
        sent.data,
        normalize=truth(query, "normalize", default=True),
        waits=truth(query, "no_job"),
    )
    return plain(row)


def _declare_variant(folder: str, name: str, access_rule: Rule, summary: str) -> None:
    @area.get(f"/pictures/{folder}/preview-files/{{instance_id}}.png", access=access_rule, answer=PNG, summary=summary)
    def variant(call: Call) -> Answer:
        return answer(call, downloads.variant(call.subject, name))


_declare_variant("thumbnails", keys.THUMBNAIL, access.picture_reader(), "The picture of a preview, 150 x 100.")
_declare_variant("thumbnails-square", keys.SQUARE, access.picture_reader(), "The picture of a preview, 100 x 100.")
_declare_variant("previews", keys.PREVIEW, access.reader(), "The picture of a preview, 1200 wide.")
_declare_variant("originals", keys.ORIGINAL, access.picture_reader(), "The picture of a preview, as large as it is.")


@area.get(
    "/pictures/originals/preview-files/{instance_id}.{extension}",
    access=access.reader(),
    answer="application/octet-stream",
)
def original(call: Call) -> Answer:
    """The file of a preview that is kept as it was sent."""
    return answer(call, downloads.original(call.subject, call.params["extension"]))


@area.get(
    "/pictures/originals/preview-files/{instance_id}/download",
    access=access.reader(),
    answer="application/octet-stream",
)
def download(call: Call) -> Answer:
    """The file of a preview, to be saved under a telling name; of a movie, its picture."""
    return answer(call, downloads.download(call.subject))


# -- faces and logos ---------------------------------------------------------------------------------------------------
def _manager_or_member(caller: Caller, project: Record) -> None:
    if not caller.is_manager:
        checks.see_project(caller, project)


def _declare_avatar(name: str, reads: Rule, writes: Rule) -> None:
    for path in (f"/pictures/thumbnails/{name}/{{instance_id}}", f"/pictures/thumbnails/{name}/{{instance_id}}.png"):

        @area.get(path, access=reads, answer=PNG, summary=f"The picture of one of the {name}, 400 x 400.")
        def show(call: Call) -> Answer:
            modified = http_date(call.subject["updated_at"])
            return answers.binary(avatars.content(call.subject), PNG, last_modified=modified, max_age=WEEK)

        @area.post(path, access=writes, files=True, status=201, summary=f"A picture for one of the {name}.")
        def upload(call: Call) -> dict[str, str]:
            sent = sent_file(call)
            return avatars.store_avatar(call.subject, sent.filename, sent.data)


_declare_avatar(
    "persons",
    rules.of_record("signed in", PERSON, "instance_id"),
    rules.of_record("the person, or admin", PERSON, "instance_id", checks.about_oneself),
)
_declare_avatar(
    "organisations",
    rules.of_record("signed in", ORGANISATION, "instance_id"),
    rules.of_record("admin", ORGANISATION, "instance_id", about(checks.administer)),
)
_declare_avatar(
    "projects",
    rules.of_record("managers, and the team", PROJECT, "instance_id", _manager_or_member),
    rules.of_record("admin", PROJECT, "instance_id", about(checks.administer)),
)


# -- backgrounds -------------------------------------------------------------------------------------------------------
_BACKGROUND: Final = rules.of_record("signed in", PREVIEW_BACKGROUND_FILE, "instance_id")


@area.post(
    "/pictures/preview-background-files/{instance_id}",
    access=rules.of_record("admin", PREVIEW_BACKGROUND_FILE, "instance_id", about(checks.administer)),
    files=True,
    answer=Shown(PREVIEW_BACKGROUND_FILE),
    status=201,
)
def upload_background(call: Call) -> Any:
    """The HDR file of a background."""
    sent = sent_file(call)
    return plain(backgrounds.store_background(call.subject, sent.filename, sent.data))


@area.get(
    "/pictures/preview-background-files/{instance_id}.{extension}",
    access=_BACKGROUND,
    answer="image/vnd.radiance",
)
def background(call: Call) -> Answer:
    """The HDR file of a background."""
    record = call.subject
    name = f"{record['original_name']}.{record['extension']}"
    data = backgrounds.content(record, call.params["extension"])
    modified = http_date(record["updated_at"])
    return answers.binary(data, "image/vnd.radiance", filename=name, last_modified=modified, max_age=WEEK)


@area.get("/pictures/thumbnails/preview-background-files/{instance_id}.png", access=_BACKGROUND, answer=PNG)
def background_thumbnail(call: Call) -> Answer:
    """The small picture of a background, 300 x 200."""
    modified = http_date(call.subject["updated_at"])
    return answers.binary(backgrounds.thumbnail(call.subject), PNG, last_modified=modified, max_age=WEEK)


@area.get(
    "/pictures/thumbnails/attachment-files/{attachment_file_id}.png",
    access=rules.of_record("task access", ATTACHMENT_FILE, "attachment_file_id", see_attached_file),
    answer=PNG,
)
def attachment_thumbnail(call: Call) -> Answer:
    """The small picture of a PNG in a chat, 150 x 100; other attachments have none.

    Source: docs/contract/files.md section 8.
    """
    attachment = call.subject
    tag = f'"{attachment.id}-small"'
    if call.knows(tag):
        return answers.not_modified(tag)
    return answers.binary(attachments.thumbnail(attachment), PNG, etag=tag, max_age=attachments.SECONDS)
