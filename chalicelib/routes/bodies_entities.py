"""The bodies of routes about entities (spec/entities.md sections 5 and 6)."""

from typing import Any

import msgspec

from chalicelib.records import schema
from chalicelib.records.entities import ENTITY


class NewEntity(msgspec.Struct):
    """What every new entity says."""

    name: str
    description: str | None = None
    data: dict[str, Any] | None = None


class NewAsset(NewEntity):
    """An asset; `episode_id` is the episode it is made for."""

    is_shared: bool | str | None = None
    episode_id: str | None = None


class NewShot(NewEntity):
    """A shot of a sequence."""

    sequence_id: str | None = None
    nb_frames: int | str | None = None


class NewSequence(NewEntity):
    """A sequence, of an episode in shows."""

    episode_id: str | None = None


class NewScene(NewEntity):
    """A scene of a sequence."""

    sequence_id: str | None = None


class NewEdit(NewEntity):
    """An edit, of an episode in shows."""

    episode_id: str | None = None


class NewConcept(NewEntity):
    """A concept, linked to what it is a picture of."""

    entity_concept_links: list[str] | None = None


class NewEpisode(NewEntity):
    """An episode."""

    status: str | None = None


class EntityChange:
    """Any fields of an entity."""

    @staticmethod
    def schema() -> dict[str, Any]:
        """Its JSON Schema, for the API document."""
        return schema.of_body(ENTITY, creating=False)
