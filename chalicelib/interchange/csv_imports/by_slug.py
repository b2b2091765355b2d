"""The entities of a production by what files call them: in any case, whatever blanks and accents.

Source: docs/contract/interchange.md 2.6, 2.7.
"""

from collections.abc import Mapping, Sequence

from chalicelib.domain.entities.kinds import ASSET, EPISODE, SEQUENCE, SHOT
from chalicelib.domain.slugs import distinct_slug
from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference

Names = tuple[str, ...]


class BySlug:
    """Assets, shots and episodes by their names and those above; what is called exactly so comes first."""

    def __init__(self, entities: Mapping[str, Record]) -> None:
        self._exact: dict[tuple[str, Names], list[Record]] = {}
        self._folded: dict[tuple[str, Names], list[Record]] = {}
        types = {one.id: one["name"] for one in reference.every(ENTITY_TYPE).values()}
        kinds = {type_id: entity_types.kind_name(type_id) for type_id in types}
        # Of several of one name the first that was made is meant, and one that was cancelled where there is no other.
        for one in sorted(entities.values(), key=lambda one: (bool(one["canceled"]), one["created_at"], one.id)):
            kind = kinds.get(one["entity_type_id"], ASSET.name)
            if kind == ASSET.name:
                self._note(kind, (types.get(one["entity_type_id"], kind), one["name"]), one)
            elif kind == EPISODE.name:
                self._note(kind, (one["name"],), one)
            elif kind == SHOT.name:
                sequence = entities.get(one["parent_id"] or "")
                episode = entities.get(sequence["parent_id"] or "") if sequence and SEQUENCE.is_of(sequence) else None
                above = (episode["name"] if episode else "", sequence["name"] if sequence else "")
                self._note(kind, (*above, one["name"]), one)
                self._note(kind, (*above[1:], one["name"]), one)

    def asset(self, type_name: str, name: str, episode: str = "") -> Record | None:
        """The asset of a type; of several the one that was made for the episode of that name."""
        found = self._find(ASSET.name, type_name, name)
        if len(found) > 1 and episode:
            of_episode = self.episode(episode)
            found = [one for one in found if of_episode and one["source_id"] == of_episode.id] or found
        return found[0] if found else None

    def episode(self, name: str) -> Record | None:
        """The episode of that name."""
        return next(iter(self._find(EPISODE.name, name)), None)

    def shot(self, episode: str, sequence: str, name: str) -> Record | None:
        """The shot of a sequence of an episode; an empty name of the episode means none."""
        return next(iter(self._find(SHOT.name, episode, sequence, name)), None)

    def shots(self, sequence: str, name: str) -> Sequence[Record]:
        """The shots of that name in sequences of that name, in whichever episode."""
        return self._find(SHOT.name, sequence, name)

    def _note(self, kind: str, names: Names, entity: Record) -> None:
        self._exact.setdefault((kind, names), []).append(entity)
        if (folded := _folded(names)) is not None:
            self._folded.setdefault((kind, folded), []).append(entity)

    def _find(self, kind: str, *names: str) -> Sequence[Record]:
        folded = _folded(names)
        return self._exact.get((kind, names)) or (self._folded.get((kind, folded)) if folded else None) or ()


def _folded(names: Names) -> Names | None:
    """The slugs of names; None where one has nothing left that tells it from others."""
    slugs = tuple(map(distinct_slug, names))
    return slugs if all(slug or not name for slug, name in zip(slugs, names, strict=True)) else None
