"""All record kinds, by table and by name."""

from chalicelib.records import entities, files, people, production, tasks, webhooks
from chalicelib.records.fields import Kind

KINDS: dict[str, Kind] = {
    value.table: value
    for module in (people, production, entities, tasks, files, webhooks)
    for value in vars(module).values()
    if isinstance(value, Kind)
}


def kind(table: str) -> Kind:
    """The kind of a table, `task_type` say; KeyError for a word that is none."""
    return KINDS[table]
