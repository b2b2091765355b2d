"""Partitions that fill: one with local indexes holds 10 GB for ever, then refuses writes (docs/adr/0001-one-table.md).

The database tells with each write how large the partitions are that it touched. From half of that on it is in the log,
where an alarm looks for it (infra/aws/alarms.py).
"""

import logging
import time
from collections.abc import Mapping
from typing import Any, Final

HALF_GIGABYTES: Final = 5.0
# What the alarm looks for in the log.
TOLD: Final = "A partition is half full"
# A partition that is written to all day is told of once an hour by each container.
_AGAIN_SECONDS: Final = 3600.0
_log = logging.getLogger("vulpes.store")
_told: Final[dict[str, float]] = {}


def note(answer: Mapping[str, Any]) -> None:
    """Looks at the sizes in the answer to a write (`ReturnItemCollectionMetrics`), and tells of the large ones."""
    for listed in (answer.get("ItemCollectionMetrics") or {}).values():
        for one in listed:
            _note(str(one["ItemCollectionKey"]["pk"]["S"]), [float(bound) for bound in one["SizeEstimateRangeGB"]])


def _note(partition: str, bounds: list[float]) -> None:
    now = time.monotonic()
    if min(bounds, default=0.0) >= HALF_GIGABYTES and now - _told.get(partition, -_AGAIN_SECONDS) >= _AGAIN_SECONDS:
        _told[partition] = now
        _log.warning("%s: %s holds %g to %g GB of 10.", TOLD, partition, min(bounds), max(bounds))
