"""The generic routes of the records of tasks."""

from chalicelib.domain.tasks import crud
from chalicelib.routes.records.declaring import records

area = records("records of tasks", crud.COLLECTIONS)
