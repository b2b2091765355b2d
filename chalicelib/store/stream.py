"""The changes of the table as its stream tells them to a function: the one place that knows the shape of that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.records.record import Texts
from chalicelib.store import objects, spill

# The attributes of an item on one side of a change, as texts; none where it was not there.
Image = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one item; `number` is its place in the stream, which is named after its beginning."""

    pk: str
    sk: str
    old: Image
    new: Image
    is_insert: bool
    number: str
    stream: str

    @property
    def home(self) -> str:
        """The home of the record that the item is of."""
        return self.pk.partition("#")[0]


def changes_in(stream_event: Mapping[str, Any]) -> list[Change]:
    """The changes of a batch, in the order of their writing; never raises for what one of them holds."""
    return [_change(record) for record in stream_event.get("Records", ())]


def come_again(changes: Iterable[Change]) -> dict[str, Any]:
    """Lambda's `batchItemFailures` that have these changes come again, with all that follow on the first."""
    return {"batchItemFailures": [{"itemIdentifier": change.number} for change in changes]}


def texts_in(image: Image) -> tuple[Texts | None, bool]:
    """The written forms of the record on one side, and whether large fields of it are lost, which are null there.

    None of a tombstone, and where nothing was. Raises what reading the bucket raises.
    """
    if "doc" not in image:
        return None, False
    texts = image["doc"], image.get("ids", ""), image.get("own", "")
    stored = objects.get(image["big"]) if "big" in image else None
    return Texts(*(texts if stored is None else spill.put_back(texts, stored))), "big" in image and stored is None


def _change(record: Mapping[str, Any]) -> Change:
    told = record.get("dynamodb", {})
    old, new = _image(told.get("OldImage", {})), _image(told.get("NewImage", {}))
    key = _image(told.get("Keys", {})) or new or old
    return Change(
        key.get("pk", ""),
        key.get("sk", ""),
        old,
        new,
        record.get("eventName") == "INSERT",
        told.get("SequenceNumber", ""),
        record.get("eventSourceARN", "").rpartition("/stream/")[2],
    )


def _image(item: Mapping[str, Mapping[str, str]]) -> Image:
    return {name: text for name, value in item.items() for text in value.values()}
