"""The events of productions themselves: they name the production and outlive it, so they live in the studio."""

from chalicelib.events.journal import subject_of
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.store import session
from chalicelib.store.changes import Changes


def emit_project_event(changes: Changes, project: Record, verb: str) -> None:
    """Adds `project:new`, `:update`, `:delete` or `:set-thumbnail` to a command, not tied to it (section 12)."""
    changes.create(
        API_EVENT,
        {
            "name": f"project:{verb}",
            "user_id": session.current().caller_id,
            "data": {"project_id": project.id},
            "subject": subject_of(project),
        },
    )
