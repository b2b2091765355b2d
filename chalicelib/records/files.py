"""Previews, attachments, working and output files, playlists (docs/contract/files.md)."""

from chalicelib.records.fields import (
    CASCADE,
    DROP_ENTRY,
    PROTECT,
    SET_NULL,
    STAMPS,
    Field,
    Home,
    Index,
    Kind,
    Reference,
    Values,
    boolean,
    choice,
    datetime,
    ids,
    integer,
    json,
    kept,
    number,
    string,
    text,
    uuid,
)


def unfinished(values: Values) -> str:
    """How the index of what is not ready holds a preview: `processing#2024-03-08T10:00:00.000000`."""
    return f"{values['status']}#{values['created_at']}"


PREVIEW_FILE = Kind(
    "PreviewFile",
    "preview_file",
    "/data/preview-files",
    (
        *STAMPS,
        string("name", 250),
        string("original_name", 250),
        integer("revision", default=1),
        integer("position", default=1),
        string("extension", 6),
        text("description"),
        string("path", 400),
        string("source", 40),
        integer("file_size", default=0),
        choice("status", ("processing", "ready", "broken"), nullable=False, default="processing"),
        choice("validation_status", ("validated", "rejected", "neutral"), nullable=False, default="neutral"),
        json("annotations"),
        integer("width", default=0),
        integer("height", default=0),
        number("duration", default=0.0),
        uuid("task_id", "task", on_delete=CASCADE),
        uuid("person_id", "person", on_delete=SET_NULL),
        uuid("source_file_id", "output_file", on_delete=SET_NULL),
        integer("shotgun_id", unique=True),
        boolean("is_movie", False),
        string("url", 600),
        string("uploaded_movie_url", 600),
        string("uploaded_movie_name", 150),
        ids("comments", "comment", on_delete=CASCADE, protects=False, listed_in="previews"),
        # What is stored, what was sent and waits for work, and why that failed (files/preparation.py).
        kept("stored"),
        kept("upload"),
        kept("failure", "text"),
        # Its status and since when, while it is not ready: one index finds what is processing, and what broke.
        Field("unfinished", "string", internal=True, protected=True, computed=True),
    ),
    home=Home(beside=("task_id",)),
    indexes=(
        Index("l2", ("task_id", "created_at")),
        Index("l3", ("unfinished",)),
        Index("l4", ("extension",)),
    ),
    unique_together=(("name", "task_id", "revision"),),
    computed={"unfinished": lambda values: None if values["status"] == "ready" else unfinished(values)},
    references=(Reference("upload.person_id", "person", SET_NULL),),
    keeps_objects=True,
    heard_by=("task_id",),
)

PREVIEW_BACKGROUND_FILE = Kind(
    "PreviewBackgroundFile",
    "preview_background_file",
    "/data/preview-background-files",
    (
        *STAMPS,
        string("name", 40, nullable=False),
        boolean("archived", False),
        boolean("is_default", False),
        string("original_name", 250),
        string("extension", 6),
        integer("file_size", default=0),
    ),
    reference=True,
    keeps_objects=True,
)

ATTACHMENT_FILE = Kind(
    "AttachmentFile",
    "attachment_file",
    "/data/attachment-files",
    (
        *STAMPS,
        string("name", 250),
        integer("size", default=1),
        string("extension", 6),
        string("mimetype", 255),
        # What its content says it is, as it is served (media/content_types.py); `mimetype` is what the client said.
        kept("content_type", "string"),
        uuid("comment_id", "comment", on_delete=CASCADE, protects=False, listed_in="attached"),
        uuid("chat_message_id", "chat_message", on_delete=CASCADE, protects=False, listed_in="attached"),
        Field("comment", "record", relation="comment"),
        Field("chat_message", "record", relation="chat_message"),
    ),
    home=Home(beside=("comment_id", "chat_message_id")),
    indexes=(
        Index("l1", ("comment_id",)),
        Index("l2", ("chat_message_id",)),
    ),
    keeps_objects=True,
    heard_by=("comment_id", "chat_message_id"),
)

WORKING_FILE = Kind(
    "WorkingFile",
    "working_file",
    "/data/working-files",
    (
        *STAMPS,
        integer("shotgun_id"),
        string("name", 250),
        text("description"),
        text("comment"),
        integer("revision"),
        integer("size"),
        integer("checksum"),
        string("path", 400),
        json("data"),
        uuid("task_id", "task", on_delete=CASCADE),
        uuid("entity_id", "entity", on_delete=CASCADE),
        uuid("person_id", "person", on_delete=SET_NULL),
        uuid("software_id", "software", on_delete=PROTECT),
        ids("outputs", "output_file", derived=True),
        # What is in it, and where that is to be sent to (publishing/working_file_content.py).
        kept("stored"),
        kept("upload"),
    ),
    home=Home(beside=("task_id", "entity_id")),
    indexes=(
        Index("l1", ("task_id",)),
        Index("l2", ("entity_id",)),
    ),
    unique_together=(("name", "task_id", "entity_id", "revision"),),
    keeps_objects=True,
    heard_by=("task_id", "entity_id"),
)

OUTPUT_FILE = Kind(
    "OutputFile",
    "output_file",
    "/data/output-files",
    (
        *STAMPS,
        integer("shotgun_id"),
        string("name", 250, nullable=False),
        boolean("canceled", False, nullable=False),
        integer("size"),
        string("checksum", 32),
        text("description"),
        text("comment"),
        string("extension", 10),
        integer("revision", nullable=False),
        string("representation", 20),
        integer("nb_elements", default=1),
        string("source", 40),
        string("path", 400),
        json("data"),
        uuid("file_status_id", "file_status", nullable=False, on_delete=PROTECT),
        uuid("entity_id", "entity", on_delete=CASCADE),
        uuid("asset_instance_id", "asset_instance", on_delete=CASCADE),
        uuid("output_type_id", "output_type", on_delete=PROTECT),
        uuid("task_type_id", "task_type", on_delete=PROTECT),
        uuid("person_id", "person", on_delete=SET_NULL),
        uuid("source_file_id", "working_file", on_delete=CASCADE),
        Field("source_file", "record", relation="working_file"),
        uuid("temporal_entity_id", "entity", on_delete=SET_NULL, protects=False),
    ),
    home=Home(beside=("entity_id", "asset_instance_id")),
    indexes=(
        Index("l1", ("entity_id",)),
        Index("l2", ("asset_instance_id",)),
        Index("l3", ("source_file_id",)),
    ),
    unique_together=(
        (
            "name",
            "entity_id",
            "asset_instance_id",
            "output_type_id",
            "task_type_id",
            "temporal_entity_id",
            "representation",
            "revision",
        ),
    ),
    heard_by=("entity_id", "asset_instance_id"),
)

OUTPUT_TYPE = Kind(
    "OutputType",
    "output_type",
    "/data/output-types",
    (
        *STAMPS,
        string("name", 40, nullable=False, unique=True),
        string("short_name", 20, nullable=False),
    ),
    reference=True,
)

FILE_STATUS = Kind(
    "FileStatus",
    "file_status",
    "/data/file-status/",
    (
        *STAMPS,
        string("name", 40, nullable=False, unique=True),
        string("color", 7, nullable=False),
    ),
    reference=True,
)

SOFTWARE = Kind(
    "Software",
    "software",
    "/data/softwares",
    (
        *STAMPS,
        string("name", 40, nullable=False, unique=True),
        string("short_name", 20, nullable=False),
        string("file_extension", 20, nullable=False),
        json("secondary_extensions"),
    ),
    reference=True,
)

PLAYLIST = Kind(
    "Playlist",
    "playlist",
    "/data/playlists/",
    (
        *STAMPS,
        string("name", 80, nullable=False),
        json("shots"),
        uuid("project_id", "project", on_delete=CASCADE),
        uuid("episode_id", "entity", on_delete=CASCADE),
        uuid("task_type_id", "task_type", on_delete=PROTECT),
        boolean("for_client", False),
        string("for_entity", 10, default="shot"),
        boolean("is_for_all", False),
        ids("build_jobs", "build_job", derived=True),
    ),
    home=Home(owners=("project_id",)),
    indexes=(Index("l2", ("episode_id",)),),
    unique_together=(("name", "project_id", "episode_id"),),
    references=(
        Reference("shots[].entity_id", "entity", DROP_ENTRY),
        Reference("shots[].preview_file_id", "preview_file", SET_NULL),
    ),
    keeps_objects=True,
    heard_by=("for_client",),
)

BUILD_JOB = Kind(
    "BuildJob",
    "build_job",
    None,
    (
        *STAMPS,
        choice("status", ("running", "failed", "succeeded"), nullable=False, default="running"),
        choice("job_type", ("archive", "movie"), nullable=False, default="movie"),
        datetime("ended_at"),
        uuid("playlist_id", "playlist", nullable=False, on_delete=CASCADE, protects=False),
        # Who asked for it, the movie that was made (`{key, size}`), and what could not be built, or why nothing was.
        kept("person_id", "uuid"),
        kept("movie"),
        kept("error", "text"),
        Field("unfinished", "datetime", internal=True, protected=True, computed=True),
    ),
    home=Home(beside=("playlist_id",)),
    indexes=(
        Index("l1", ("playlist_id",)),
        Index("l2", ("unfinished",)),
    ),
    computed={"unfinished": lambda values: values["created_at"] if values["status"] == "running" else None},
    references=(Reference("person_id", "person", SET_NULL),),
    keeps_objects=True,
    audited=False,
)
