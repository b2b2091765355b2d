"""Shared assets of a production that ends: they leave the castings of other productions."""

from collections.abc import Iterator
from functools import partial

from chalicelib.domain.entities import casting_links
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.production import PROJECT
from chalicelib.store import keys, reads, reference


def remove(home: str) -> Iterator[int]:
    """Takes the shared assets of a home out of the castings of all productions; gives how many links went."""
    pages = reads.pages(keys.partition(home, ENTITY))
    shared = {row.sk.S for page in pages for row in page if row.doc is not None and '"is_shared":true' in row.doc.S}
    if not shared:
        return
    homes = [keys.home_of_owner(project_id) for project_id in reference.every(PROJECT)]
    held = reads.parallel([partial(reads.query, ENTITY_LINK, other) for other in homes])
    links = [link for part in held for link in part if link["entity_out_id"] in shared]
    yield from casting_links.uncast_piecewise(links)
