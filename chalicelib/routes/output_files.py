"""Output files: what is published of entities and of asset instances (docs/contract/files.md 3.3 and 5)."""

from typing import Any, Final

import msgspec

from chalicelib.access import files, rules
from chalicelib.access.rules import Rule
from chalicelib.domain.files.crud.pipeline_files import with_sources
from chalicelib.domain.publishing import output_files, output_lists
from chalicelib.domain.publishing.output_files import NewOutputFile
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.files import OUTPUT_FILE, OUTPUT_TYPE
from chalicelib.routes.answer_schemas import TEXT, Shape, Shown

area = Area("output files", "What is published of entities, and of asset instances where they stand.")
_ENTITY: Final = "/data/entities/{entity_id}"
_INSTANCE: Final = "/data/asset-instances/{asset_instance_id}"
_STANDING: Final = f"{_INSTANCE}/entities/{{temporal_entity_id}}"
_ROWS: Final = Shown(OUTPUT_FILE, many=True)
_MADE: Final = Shown(OUTPUT_FILE, more={"folder_path": TEXT, "file_name": TEXT})
_FILTERS: Final = dict.fromkeys(output_lists.FILTERS, "Those alone that have this value; an empty one does not filter.")


class OutputFilePath(msgspec.Struct):
    """Of which output file the path is asked for; without `revision`, of the next one."""

    output_type_id: str
    task_type_id: str
    name: str = "main"
    mode: str = "output"
    revision: int | None = None
    representation: str | None = ""
    separator: str = "/"
    extension: str | None = ""

    def meant(self) -> NewOutputFile:
        """The output file that is meant."""
        return NewOutputFile(
            self.output_type_id,
            self.task_type_id,
            name=self.name,
            representation=self.representation or "",
            separator=self.separator,
        )


class NextRevision(msgspec.Struct):
    """Of what the next revision is asked for."""

    output_type_id: str
    task_type_id: str
    name: str = "main"


class NewRevision(msgspec.Struct):
    """An output file to be made; `revision` 0 is the next one, without `person_id` it is the caller's."""

    output_type_id: str
    task_type_id: str
    comment: str
    name: str = "main"
    person_id: str | None = None
    working_file_id: str | None = None
    revision: int | None = 0
    extension: str | None = ""
    representation: str | None = ""
    nb_elements: int | None = 1
    sep: str = "/"
    file_status_id: str | None = None

    def meant(self) -> NewOutputFile:
        """The output file that is meant."""
        return NewOutputFile(
            self.output_type_id,
            self.task_type_id,
            self.comment,
            self.name,
            self.person_id,
            self.working_file_id,
            self.revision or 0,
            self.extension or "",
            self.representation or "",
            1 if self.nb_elements is None else self.nb_elements,
            self.sep,
            self.file_status_id,
        )


def _declare_making(base: str, access: Rule, of_what: str) -> None:
    @area.post(
        f"{base}/output-file-path",
        access=access,
        body=OutputFilePath,
        answer=Shape(folder_path=TEXT, file_name=TEXT),
        summary=f"Folder and file name of an output file of {of_what}, as the file tree has them.",
    )
    def path(call: Call) -> dict[str, str]:
        asked: OutputFilePath = call.body
        found = output_files.path(call.subject, asked.meant(), asked.mode, asked.revision)
        return {"folder_path": found.folder, "file_name": found.file_name}

    @area.post(
        f"{base}/output-files/next-revision",
        access=access,
        body=NextRevision,
        answer=Shape(next_revision={"type": "integer"}),
        summary=f"The next revision of an output file of {of_what}.",
    )
    def next_revision(call: Call) -> dict[str, int]:
        asked: NextRevision = call.body
        of = (asked.output_type_id, asked.task_type_id, asked.name)
        return {"next_revision": output_files.next_revision(call.subject, *of)}

    @area.post(
        f"{base}/output-files/new",
        access=access,
        body=NewRevision,
        answer=_MADE,
        status=201,
        summary=f"A new revision of an output file of {of_what}.",
    )
    def create(call: Call) -> dict[str, Any]:
        made, path = output_files.create(call.caller, call.subject, call.body.meant())
        (row,) = with_sources([made])
        return {**row, "folder_path": path.folder, "file_name": path.file_name}


def _declare_lists(base: str, access: Rule, of_what: str) -> None:
    @area.get(
        f"{base}/output-files/last-revisions",
        access=access,
        query=_FILTERS,
        answer=_ROWS,
        summary=f"Lists the last revisions of the output files of {of_what}.",
    )
    def last_revisions(call: Call) -> list[Any]:
        return output_lists.last_revisions(call.subject, call.query)

    @area.get(
        f"{base}/output-types",
        access=access,
        answer=Shown(OUTPUT_TYPE, many=True),
        summary=f"Lists the types of the output files of {of_what}.",
    )
    def types(call: Call) -> list[Any]:
        return output_lists.types(call.subject)

    @area.get(
        f"{base}/output-types/{{output_type_id}}/output-files",
        access=access,
        query=_FILTERS,
        answer=_ROWS,
        summary=f"Lists the output files of a type of {of_what}, highest revision first.",
    )
    def of_type(call: Call) -> list[Any]:
        return output_lists.of_type(call.subject, call.params["output_type_id"], call.query)


_declare_making(_ENTITY, files.outputs_of_entity(), "an entity")
_declare_making(_STANDING, files.outputs_of_instance(), "an instance where it stands")
_declare_lists(_ENTITY, files.outputs_member(), "an entity")
_declare_lists(_STANDING, files.standing_instance_member(), "an instance where it stands")


@area.get(f"{_ENTITY}/output-files", access=files.outputs_member(), query=_FILTERS, answer=_ROWS)
def list_output_files(call: Call) -> list[Any]:
    """Lists the output files of an entity, highest revision first; without those of instances."""
    return output_lists.of_entity(call.subject, call.query)


@area.get(
    f"{_INSTANCE}/output-files",
    access=files.instance_member(),
    query={**_FILTERS, "temporal_entity_id": "Where it stands."},
    answer=_ROWS,
)
def list_output_files_of_instance(call: Call) -> list[Any]:
    """Lists the output files of an instance, wherever it stands, highest revision first."""
    return output_lists.of_instance(call.subject, call.query)


@area.get("/data/projects/{project_id}/output-files", access=rules.project_manager(), query=_FILTERS, answer=_ROWS)
def list_output_files_of_project(call: Call) -> list[Any]:
    """Lists the output files of a production, newest first; without those of instances."""
    return output_lists.of_project(call.subject, call.query)
