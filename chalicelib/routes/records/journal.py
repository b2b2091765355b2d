"""The generic routes of the records of journal."""

from chalicelib.domain.journal import crud
from chalicelib.routes.records.declaring import records

area = records("records of journal", crud.COLLECTIONS)
