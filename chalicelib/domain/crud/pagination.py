"""Lists as they are asked for: pages, flags, numbers in queries (docs/contract/production.md 2.1)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.records.record import Record

DEFAULT_LIMIT: Final = 100
MOST_A_PAGE: Final = 10_000


@dataclass(frozen=True)
class Paging:
    """What a query says of pages: `page` None is the whole list."""

    page: int | None
    limit: int

    @classmethod
    def of(cls, query: Mapping[str, str], limit: int = DEFAULT_LIMIT) -> "Paging":
        """Reads `page` and `limit`; Invalid where one is no number."""
        page = whole_number(query, "page", -1)
        size = whole_number(query, "limit", limit)
        if size < 0 or size > MOST_A_PAGE:
            raise Invalid("limit is out of range.", "limit", f"a number from 0 to {MOST_A_PAGE}")
        return cls(page if page > -1 else None, size)

    def cut(self, records: list[Any]) -> dict[str, Any]:
        """The page of a list that is in order already."""
        assert self.page is not None
        limit, total = self.limit, len(records)
        offset = (self.page - 1) * limit
        beyond = self.page < 1 or offset > total
        return {
            "data": [] if beyond else records[offset : offset + limit],
            "total": 0 if beyond else total,
            "nb_pages": -(-total // limit) if limit else 0,
            "limit": limit,
            "offset": offset,
            "page": self.page,
        }


def whole_number(query: Mapping[str, str], name: str, default: int) -> int:
    """A whole number out of a query; Invalid where it is none."""
    text = query.get(name, "").strip()
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise Invalid(f"{name} is not a number.", name, "a whole number") from None


def truth(query: Mapping[str, str], name: str, default: bool = False) -> bool:
    """A flag such as `relations=true` or `force=True`: only `true`, in any case, is true.

    Source: docs/contract/tasks.md section 1.
    """
    text = query.get(name)
    return default if text is None else text.strip().lower() in ("true", "1", "yes")


def by_last_change(records: Iterable[Record]) -> list[Record]:
    """The order of pages: last changed first, then last created, then by id."""
    ordered = sorted(records, key=lambda record: record.id)
    ordered.sort(key=lambda record: (record["updated_at"] or "", record["created_at"] or ""), reverse=True)
    return ordered


def answered(found: Sequence[Record], paging: Paging, show: Callable[[Sequence[Record]], Any]) -> Any:
    """A list as it was asked for: all of it, or a page by the last change. show: makes the rows of what is answered."""
    return show(found) if paging.page is None else latest_first(found, paging, show)


def latest_first(found: Iterable[Record], paging: Paging, show: Callable[[Sequence[Record]], Any]) -> Any:
    """The same of a list that is in the order of pages even where all of it is asked for."""
    ordered = by_last_change(found)
    if paging.page is None:
        return show(ordered)
    page = paging.cut(ordered)
    return {**page, "data": show(page["data"])}
