"""Single links of castings (docs/contract/entities.md section 7)."""

from chalicelib.domain.counters import readiness
from chalicelib.domain.jobs.job import enqueue
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.store import reads
from chalicelib.store.changes import Changes, write


def remove_link(link: Record) -> None:
    """Takes one link away; `nb_entities_out` stays, as the contract has it, what is ready for the tasks is counted."""

    def command(changes: Changes) -> None:
        changes.delete(changes.read(ENTITY_LINK, link.id))
        emit_link_event(changes, link, "delete")
        recount_readiness(changes, link)

    write(command)


def recount_readiness(changes: Changes, link: Record) -> None:
    """Once the command on a link has held, what is ready for the tasks of the entity that casts is counted anew."""
    enqueue(changes, readiness.recount_entities, entity_ids=[link["entity_in_id"]])


def emit_link_event(changes: Changes, link: Record, verb: str, *names: str) -> None:
    """The event of a link, tied to the production of what casts; `names` are fields that it tells besides the id."""
    entity = reads.find(ENTITY, link["entity_in_id"])
    _emit(changes, link, verb, entity["project_id"] if entity else None, *names)


def emit_new_link(changes: Changes, link: Record, project_id: str) -> None:
    """The event of a new link, of which the production is known."""
    _emit(changes, link, "new", project_id, "entity_in_id", "entity_out_id", "nb_occurences")


def _emit(changes: Changes, link: Record, verb: str, project_id: str | None, *names: str) -> None:
    payload = {"entity_link_id": link.id, **{name: link[name] for name in names}}
    emit(changes, f"entity-link:{verb}", project_id, **payload)
