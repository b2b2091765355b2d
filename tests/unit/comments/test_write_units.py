"""What a comment costs to write on AWS, by item and index entry (docs/performance.md)."""

from chalicelib.domain.notifications import lookup
from chalicelib.records.people import NOTIFICATION
from chalicelib.store import bulk_writing, keys, reads
from chalicelib.store.changes import write
from chalicelib.store.record_items import entry_of
from infra.bench.write_units import metered
from tests.unit.tasks.stage import Stage, Studio, now


def test_a_comment_with_its_status_change_keeps_its_budget(api: Studio, stage: Stage) -> None:
    api.comment("wip", "Starting")
    with metered() as meter:
        api.comment("wfa", "Looks fine")
    units = meter.by_table()
    # What is left is what queries need: see the indexes of each kind in chalicelib/records/.
    assert (units["task"], units["comment"], units["news"], units["notification"]) == (16, 6, 6, 8)
    # Four kept events and one that is told alone: none of them in an index.
    assert units["api_event"] == 10
    assert not any(one.of_indexes for one in meter.writes if one.table == "api_event")
    assert meter.units <= 48


def test_what_was_written_with_more_index_entries_is_found_and_goes_as_ever(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip", "Starting")
    (told,) = lookup.of_comment(now(stage.task), comment["id"])
    pk = keys.partition(keys.home_of_owner(stage.people["vendor"].id), NOTIFICATION)
    old = entry_of(told, pk, told.version, "2026-11-01T00:00:00.000000")
    old.w, old.l4 = "2026-11-01T00:00:00.000000", comment["id"]
    bulk_writing.put([old])
    assert [one.id for one in lookup.of_comment(now(stage.task), comment["id"])] == [told.id]
    write(lambda changes: changes.delete(changes.read(NOTIFICATION, told.id)))
    assert lookup.of_comment(now(stage.task), comment["id"]) == []
    assert reads.item(pk, told.id) is None
