"""The generic CRUD of the kinds of this area."""

from typing import Final

from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.tasks.crud.tasks import Tasks
from chalicelib.domain.tasks.crud.time_spents import TimeSpents

COLLECTIONS: Final[tuple[Collection, ...]] = (
    Tasks(),
    TimeSpents(),
)
