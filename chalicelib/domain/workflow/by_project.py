"""Reference records by production, grouped once and again when one of them changed."""

from collections.abc import Mapping, Sequence

from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import reference


class ByProject:
    """The records of a reference kind that name a production."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        # The records this was made from: they are replaced when one changes, never changed in place.
        self._made: tuple[Mapping[str, Record], dict[str, list[Record]]] = ({}, {})

    def of(self, project_id: str) -> Sequence[Record]:
        """Those of a production."""
        records = reference.every(self.kind)
        made_from, grouped = self._made
        if made_from is not records:
            grouped = {}
            for record in records.values():
                grouped.setdefault(record["project_id"], []).append(record)
            self._made = (records, grouped)
        return grouped.get(project_id, ())
