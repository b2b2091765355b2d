"""The generic routes of the records of entities."""

from chalicelib.domain.entities import crud
from chalicelib.routes.records.declaring import records

area = records("records of entities", crud.COLLECTIONS)
