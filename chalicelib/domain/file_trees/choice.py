"""Choosing the file tree of a production among those that are shipped (docs/contract/files.md 3.1)."""

from typing import Any

from chalicelib.domain.file_trees.shipped import TREES
from chalicelib.domain.production.project_events import emit_project_event
from chalicelib.errors import Invalid
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write


def choose(project: Record, name: str) -> Record:
    """Gives a production the tree of that name; Invalid for a name that none has."""
    tree: Any = TREES.get(name)
    if tree is None:
        raise Invalid(f"There is no file tree {name!r}.", "tree_name", f"one of {', '.join(TREES)}")

    def command(changes: Changes) -> Record:
        changed = changes.update(changes.read(PROJECT, project.id), file_tree=tree)
        emit_project_event(changes, changed, "update")
        return changed

    return write(command)
