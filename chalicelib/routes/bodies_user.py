"""Bodies of requests about what belongs to one user (spec/people.md sections 10 to 13)."""

import msgspec


class NewFilter(msgspec.Struct):
    """A filter to be kept; `query` is what the record calls `search_query`."""

    list_type: str
    name: str
    query: str
    project_id: str | None = None
    entity_type: str | None = None
    is_shared: bool | None = None
    search_filter_group_id: str | None = None
    department_id: str | None = None


class Filter(msgspec.Struct):
    """What changes of a filter; without a group it leaves the one it is in."""

    name: str | None = None
    search_query: str | None = None
    search_filter_group_id: str | None = None
    is_shared: bool | None = None
    project_id: str | None = None
    department_id: str | None = None


class NewFilterGroup(msgspec.Struct):
    """A group of filters to be kept."""

    list_type: str
    name: str
    color: str
    project_id: str | None = None
    entity_type: str | None = None
    is_shared: bool | None = None
    department_id: str | None = None


class FilterGroup(msgspec.Struct):
    """What changes of a group of filters."""

    name: str | None = None
    color: str | None = None
    is_shared: bool | None = None
    project_id: str | None = None
    department_id: str | None = None


class NewMessage(msgspec.Struct):
    """Something to be said in a chat."""

    message: str


class ReadMark(msgspec.Struct):
    """Whether a notification was read."""

    read: bool
