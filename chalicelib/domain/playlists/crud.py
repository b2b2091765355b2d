"""The generic CRUD of playlists (docs/contract/files.md section 9)."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.playlists import see_playlist
from chalicelib.domain.crud import references
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.dependents import removal, stored_objects
from chalicelib.domain.playlists import build_jobs
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit_unsigned
from chalicelib.records.files import PLAYLIST
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.validation import change_values
from chalicelib.store import homes, keys, objects, reads, reference
from chalicelib.store.changes import Changes

_NO_EPISODE: Final = ("all", "main")


class Playlists(Collection):
    """`/data/playlists/`: lists for the team, writing for supervisors of the project."""

    kind = PLAYLIST

    def may_list(self, caller: Caller) -> None:
        """Everyone; each sees those of their productions."""

    def visible(self, caller: Caller, records: Iterable[Record]) -> Iterable[Record]:
        """Of a client: those meant for them; of a vendor: none."""
        if caller.is_vendor:
            return []
        return [record for record in records if record["for_client"]] if caller.is_client else records

    def may_read(self, caller: Caller, record: Record) -> None:
        """See `see_playlist`."""
        see_playlist(caller, record)

    def may_create(self, caller: Caller, values: Mapping[str, Any]) -> None:
        """Supervisors of the project."""
        project = reference.find(PROJECT, str(values.get("project_id") or ""))
        if project is None:
            raise Invalid("There is no such production.", "project_id", "the id of a production")
        checks.supervise_project(caller, project)

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Supervisors of the project; who may read it may send what changes nothing, as some clients do."""
        if change_values(PLAYLIST, _read(values)):
            checks.supervise_project(caller, checks.project_of(record))
        else:
            see_playlist(caller, record)

    def may_delete(self, caller: Caller, record: Record) -> None:
        """Supervisors of the project."""
        checks.supervise_project(caller, checks.project_of(record))

    def create(self, caller: Caller, body: Mapping[str, Any]) -> Record:
        """A new playlist; words that stand for no episode are none."""
        return super().create(caller, _read(body))

    def change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Record:
        """A changed playlist."""
        return super().change(caller, record, _read(body))

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """What its entries name is of its production."""
        del caller
        refuse_strangers(values.get("shots"), homes.of(PLAYLIST, values))
        return values

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """Of each entry what counts; what it names is of the production."""
        del caller
        if isinstance(values.get("shots"), list):
            values = {**values, "shots": entries(values["shots"])}
            refuse_strangers(values["shots"], homes.of(PLAYLIST, record))
        return values

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event names nobody."""
        del caller
        emit_unsigned(changes, record, "delete")
        changes.afterwards(partial(_discard_objects, record))

    def take_along(self, record: Record) -> None:
        """Its builds go first, each with its event."""

        def tell(changes: Changes, build: Record) -> None:
            build_jobs.tell_of_removal(changes, record, build)

        for _ in removal.remove(build_jobs.of_playlist(record), tell):
            pass

    def refuse_delete(self, record: Record, force: bool) -> None:
        """Only its builds point at a playlist, and they go along."""

    def rows(self, caller: Caller, records: list[Record], relations: bool) -> list[Any]:
        """With relations, the ids of the builds of each, read side by side."""
        del caller
        if not relations:
            return [plain(record) for record in records]
        found = reads.parallel([partial(build_jobs.of_playlist, record) for record in records])
        return [shown(one, build_jobs=[job.id for job in jobs]) for one, jobs in zip(records, found, strict=True)]

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """With relations, the ids of its builds."""
        return self.rows(caller, [record], relations)[0]


def entries(shots: list[Any]) -> list[dict[str, Any]]:
    """The entries of a playlist as they are kept; those without a preview are dropped."""
    return [
        {"entity_id": one.get("entity_id") or one.get("id") or "", "preview_file_id": one["preview_file_id"]}
        for one in shots
        if isinstance(one, dict) and one.get("preview_file_id")
    ]


def _discard_objects(playlist: Record) -> None:
    objects.discard(stored_objects.of(playlist))


def refuse_strangers(shots: Any, home: str) -> None:
    """Raises Invalid where entries name what is of another production than that of this home."""
    kept = [one for one in shots if isinstance(one, dict)] if isinstance(shots, list) else []
    named = [value.lower() for one in kept for value in one.values() if keys.is_id(value)]
    if references.are_elsewhere(named, home):
        raise Invalid("shots names what is of another production.", "shots", "entities and previews of this production")


def _read(body: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(body)
    if values.get("episode_id") in _NO_EPISODE:
        values["episode_id"] = None
    if "task_type_id" in values and not keys.is_id(values["task_type_id"]):
        values["task_type_id"] = None
    return values


COLLECTIONS: Final[tuple[Collection, ...]] = (Playlists(),)
