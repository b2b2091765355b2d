"""The generic CRUD of saved searches."""

from typing import Final

from chalicelib.domain.crud.collection import Collection
from chalicelib.records.people import (
    SEARCH_FILTER,
    SEARCH_FILTER_GROUP,
)


class SearchFilters(Collection):
    """Filters of everybody, raw."""

    kind = SEARCH_FILTER


class SearchFilterGroups(Collection):
    """Groups of filters of everybody, raw."""

    kind = SEARCH_FILTER_GROUP


COLLECTIONS: Final[tuple[Collection, ...]] = (SearchFilters(), SearchFilterGroups())
