"""The generic collections of the area: tasks, comments, news, time spent."""

from typing import Final

from chalicelib.domain.collection.base import Collection
from chalicelib.domain.comments.records import Comments
from chalicelib.domain.news.records import NewsRecords
from chalicelib.domain.tasks.records import Tasks
from chalicelib.domain.tasks.time_records import TimeSpents

COLLECTIONS: Final[tuple[Collection, ...]] = (Tasks(), Comments(), NewsRecords(), TimeSpents())
