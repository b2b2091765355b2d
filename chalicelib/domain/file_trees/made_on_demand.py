"""Kinds of files that appear by themselves where something needs them (docs/contract/files.md section 2)."""

from typing import Any, Final

from chalicelib.events.journal import emit
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.files import FILE_STATUS, OUTPUT_TYPE, SOFTWARE
from chalicelib.records.record import Record
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

_3DS_MAX: Final = {"short_name": "max", "file_extension": ".max"}


def default_software() -> Record:
    """The software of a working file that names none."""
    return _named(SOFTWARE, "3ds Max", **_3DS_MAX)


def software_of_outputs() -> Record:
    """The software in the path of an output file, which knows of none."""
    return _named(SOFTWARE, "3dsmax", **_3DS_MAX)


def geometry() -> Record:
    """The output type in the path of a working file, which knows of none."""
    return _named(OUTPUT_TYPE, "Geometry", short_name="")


def to_review() -> Record:
    """The status of an output file that names none."""
    return _named(FILE_STATUS, "To review", color="#FFFFFF")


def _named(kind: Kind, name: str, **values: Any) -> Record:
    """The record of that name, made where there is none, with its event (docs/contract/production.md section 12)."""

    def command(changes: Changes) -> Record:
        holder = reads.holder(kind, STUDIO, ("name",), {"name": name})
        if holder is not None:
            return changes.read(kind, holder)
        record = changes.create(kind, {"name": name, **values})
        emit(changes, f"{kind.table}:new", **{kind.id_name: record.id})
        return record

    return reference.named(kind, name) or write(command)
