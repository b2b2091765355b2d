"""The generic routes of the records of production."""

from chalicelib.domain.production import crud
from chalicelib.routes.records.declaring import records

area = records("records of production", crud.COLLECTIONS)
