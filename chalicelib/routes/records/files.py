"""The generic routes of the records of files."""

from chalicelib.domain.files import crud
from chalicelib.routes.records.declaring import records

area = records("records of files", crud.COLLECTIONS)
