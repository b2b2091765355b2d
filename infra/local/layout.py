"""Where the records of a data folder stand in the local indexes: a version that declares others finds them there, too.

On AWS that is for whoever changes the declarations to see to; nothing but local servers has data from before.
"""

import hashlib
import logging
from typing import Any, Final

import msgspec

from chalicelib.records.registry import KINDS
from chalicelib.store import reads
from chalicelib.store.indexes import INDEXES
from chalicelib.store.record_items import index_values
from chalicelib.store.wire import Row
from infra.local.database import DatabaseClient
from infra.local.folder import Progress

log = logging.getLogger("infra.local")
_FACT: Final = "indexes"
_ATTRIBUTES: Final = tuple(name for name in INDEXES if name != "w")
Places = dict[str, str]


def declared() -> str:
    """A digest of what each kind is sorted by in which index."""
    told = [(kind.table, [(index.attribute, index.fields) for index in kind.indexes]) for kind in KINDS.values()]
    return hashlib.sha256(msgspec.json.encode(sorted(told))).hexdigest()


def arrange(client: DatabaseClient, table: str, progress: Progress) -> None:
    """Puts every record where this version looks for it, once for a version that looks elsewhere.

    Before anything else works on the table. Cut off half-way, the next start does it.
    """
    if progress.get(_FACT) == declared():
        return
    moved = sum(_move(client, table, item) for item in client.items(table, FilterExpression="attribute_exists(doc)"))
    if moved:
        log.info("This version finds records by other indexes: %d of them have been arranged for it.", moved)
    progress.note(_FACT, declared())


def _move(client: DatabaseClient, table: str, item: dict[str, Any]) -> bool:
    """Whether a record stood elsewhere; now it does not."""
    wanted = _wanted(item)
    if wanted is None:
        return False
    there = {name: item[name]["S"] for name in _ATTRIBUTES if name in item}
    if there == wanted:
        return False
    gone = sorted(there.keys() - wanted.keys())
    put = ", ".join(f"{name} = :{name}" for name in wanted)
    client.call(
        "DynamoDB_20120810.UpdateItem",
        TableName=table,
        Key={name: item[name] for name in ("pk", "sk")},
        UpdateExpression=" ".join([f"SET {put}"] * bool(wanted) + [f"REMOVE {', '.join(gone)}"] * bool(gone)),
        **(
            {"ExpressionAttributeValues": {f":{name}": {"S": value} for name, value in wanted.items()}}
            if wanted
            else {}
        ),
    )
    return True


def _wanted(item: dict[str, Any]) -> Places | None:
    """Where a record is to stand; None of what is no record."""
    kind = KINDS.get(item["pk"]["S"].rpartition("#")[2])
    record = reads.record_if_there(kind, msgspec.convert(item, Row)) if kind else None
    if record is None:
        return None
    return {name: value for name, value in index_values(record, item["pk"]["S"]).items() if value is not None}
