"""The generic routes of the records of saved searches."""

from chalicelib.domain.saved_searches import crud
from chalicelib.routes.records.declaring import records

area = records("records of saved searches", crud.COLLECTIONS)
