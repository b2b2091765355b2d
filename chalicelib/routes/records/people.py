"""The generic routes of the records of people."""

from chalicelib.domain.people import crud
from chalicelib.routes.records.declaring import records

area = records("records of people", crud.COLLECTIONS)
