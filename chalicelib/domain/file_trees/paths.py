"""Paths of working files and output files: what each token of a template stands for (docs/contract/files.md 3.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chalicelib.domain.entities.kinds import ASSET, EPISODE, SEQUENCE, kind_of
from chalicelib.domain.entities.names import ancestors_of
from chalicelib.domain.file_trees import made_on_demand, templates
from chalicelib.domain.file_trees.templates import Path, Token
from chalicelib.errors import Invalid
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import reference

_FIELDS: Final = ("id", "name", "short_name", "number")
# The episode of what belongs to none.
NO_EPISODE: Final = "e001"


@dataclass(frozen=True)
class FileOf:
    """What a file is made for, and what it is called.

    entity: of an instance's file, the asset; then `temporal` is where the instance stands.
    """

    entity: Record
    task_type: Record
    name: str
    representation: str = ""
    task: Record | None = None
    software: Record | None = None
    output_type: Record | None = None
    instance: Record | None = None
    temporal: Record | None = None


def path_of(file: FileOf, revision: int, mode: str, separator: str) -> Path:
    """The folder and the file name of a revision of a file, as the tree of its production has them in a mode.

    Invalid where there is no tree, no such mode, no template for what the file is of, or a token nobody knows. Reads
    what is above the entity where a template names it: up to two reads.
    """
    project = reference.get(PROJECT, file.entity["project_id"])
    return templates.branch(project, mode).path(_kind(file), separator, _Values(project, file, revision).of)


def _kind(file: FileOf) -> str:
    if file.instance is None:
        return kind_of(file.entity).word
    return "instance_asset" if ASSET.is_of(file.temporal or file.entity) else "instance"


class _Values:
    """The values of the tokens for one file."""

    def __init__(self, project: Record, file: FileOf, revision: int) -> None:
        self._project = project
        self._file = file
        self._revision = revision

    def of(self, token: Token) -> str:
        """The value of a token; Invalid for one that nobody knows."""
        value = _TOKENS.get(token.name)
        if value is None:
            raise Invalid(
                f"The file tree names {token.name!r}, which is no token.", "file_tree", f"one of {', '.join(_TOKENS)}"
            )
        return value(self, token.field)

    def project(self, field: str) -> str:
        return _field(self._project, field)

    def entity(self, field: str) -> str:
        """The asset, shot, scene: in the path of an instance the asset alone."""
        return _field(self._file.entity, field)

    def standing(self, field: str) -> str:
        """The shot or scene; of an instance, where it stands."""
        return _field(self._where, field)

    def asset_type(self, field: str) -> str:
        return _field(reference.find(ENTITY_TYPE, self._file.entity["entity_type_id"]), field)

    def temporal_type(self, field: str) -> str:
        return _field(reference.find(ENTITY_TYPE, self._where["entity_type_id"]), field)

    def sequence(self, field: str) -> str:
        return _field(self._sequence, field)

    def episode(self, field: str) -> str:
        return _field(self._episode, field) if self._episode else NO_EPISODE

    def task(self, field: str) -> str:
        if self._file.task is None:
            raise Invalid("The file tree names a task, which this file has none of.", "file_tree", "another token")
        return _field(self._file.task, field)

    def task_type(self, field: str) -> str:
        return _field(self._file.task_type, field)

    def department(self, field: str) -> str:
        return _field(reference.find(DEPARTMENT, self._file.task_type["department_id"]), field)

    def software(self, field: str) -> str:
        return _field(self._file.software or made_on_demand.software_of_outputs(), field)

    def output_type(self, field: str) -> str:
        return _field(self._file.output_type or made_on_demand.geometry(), field)

    def instance(self, field: str) -> str:
        instance = self._file.instance
        if instance is None:
            raise Invalid("The file tree names an instance, and this file is of none.", "file_tree", "another token")
        number = instance["number"] or 0
        return str(instance["name"] or number) if field == "name" else f"{number:04}"

    def name(self, field: str) -> str:
        del field
        return self._file.name

    def representation(self, field: str) -> str:
        del field
        return self._file.representation

    def revision(self, field: str) -> str:
        del field
        return f"{self._revision:03}"

    @property
    def _where(self) -> Record:
        return self._file.temporal or self._file.entity

    @cached_property
    def _above(self) -> Mapping[str, Record]:
        return ancestors_of([self._where])

    @cached_property
    def _sequence(self) -> Record | None:
        if SEQUENCE.is_of(self._where):
            return self._where
        parent = self._above.get(self._where["parent_id"] or "")
        return parent if parent is not None and SEQUENCE.is_of(parent) else None

    @cached_property
    def _episode(self) -> Record | None:
        if EPISODE.is_of(self._where):
            return self._where
        return self._above.get(self._sequence["parent_id"] or "") if self._sequence else None


def _field(record: Record | None, field: str) -> str:
    """A field of a record as text; of a field that it has not, its name."""
    if record is None:
        return ""
    value = record[field if field in _FIELDS and field in record else "name"]
    return "" if value is None else str(value)


_TOKENS: Final[Mapping[str, Callable[[_Values, str], str]]] = {
    "Project": _Values.project,
    "Asset": _Values.entity,
    "Shot": _Values.standing,
    "Scene": _Values.standing,
    "AssetType": _Values.asset_type,
    "Sequence": _Values.sequence,
    "Episode": _Values.episode,
    "TemporalEntity": _Values.standing,
    "TemporalEntityType": _Values.temporal_type,
    "Task": _Values.task,
    "TaskType": _Values.task_type,
    "Department": _Values.department,
    "Software": _Values.software,
    "OutputType": _Values.output_type,
    "Instance": _Values.instance,
    "Name": _Values.name,
    "WorkingFile": _Values.name,
    "OutputFile": _Values.name,
    "Representation": _Values.representation,
    "Version": _Values.revision,
    "Revision": _Values.revision,
}
