"""The generic CRUD of the kinds of this area."""

from typing import Final

from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.people.crud.days_off import DaysOff
from chalicelib.domain.people.crud.persons import People
from chalicelib.domain.people.crud.studio import (
    CustomActions,
    Departments,
    Organisations,
    Plugins,
    SalaryScales,
    Studios,
)

COLLECTIONS: Final[tuple[Collection, ...]] = (
    DaysOff(),
    People(),
    Departments(),
    Studios(),
    Organisations(),
    CustomActions(),
    Plugins(),
    SalaryScales(),
)
