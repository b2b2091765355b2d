"""The generic routes of the records of notifications."""

from chalicelib.domain.notifications import crud
from chalicelib.routes.records.declaring import records

area = records("records of notifications", crud.COLLECTIONS)
