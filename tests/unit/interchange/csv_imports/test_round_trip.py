"""What an export writes an import takes back unchanged, whatever a production holds."""

import itertools
import string
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.records import names
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.production import METADATA_DESCRIPTOR, PROJECT
from chalicelib.records.record import Record
from chalicelib.store import session
from tests.unit.interchange.csv_files import actions
from tests.unit.interchange.importing import Importer, Importing
from tests.unit.tasks.stage import create

EXPORTS = {
    "assets": "assets.csv",
    "shots": "shots.csv",
    "edits": "edits.csv",
    "casting": "casting.csv?is_shot_casting=true",
}
# Signs that tables, spreadsheets and readers of lines take for something.
SIGNS = ";,\t\r\n\"'=+-@ \u2028\x1cé\u0301ßÉ漢\U0001f999_#" + string.ascii_letters[:6] + "0.1"
TEXT = st.text(SIGNS, min_size=1, max_size=8)
NAMES = st.lists(TEXT.filter(lambda text: text != "MP"), min_size=1, max_size=3, unique_by=names.normal)
VALUES = st.one_of(
    st.none(), TEXT, st.integers(), st.floats(allow_nan=False), st.booleans(), st.lists(TEXT, max_size=2)
)
DATA = st.dictionaries(st.sampled_from(["weather", "night", "cost", "frame_in", "fps", "other"]), VALUES)
DESCRIPTIONS = st.one_of(st.none(), st.just(""), TEXT)
_NUMBERS = itertools.count()
DESCRIBED = [("=Weather", "string"), ("Night", "boolean"), ("Cost", "number")]


class Built:
    """A production drawn at random, in the place of that of the stage."""

    def __init__(self, stage: Importing, draw: Any) -> None:
        self.stage, self.draw = stage, draw
        is_show = draw(st.booleans())
        values = {"name": f"P{next(_NUMBERS)}", "team": stage.team}
        stage.project = create(
            PROJECT,
            **values,
            project_status_id=stage.open.id,
            production_type="tvshow" if is_show else "short",
            task_types=stage.project["task_types"],
        )
        for kind in ("Asset", "Shot", "Edit"):
            for name, sort in DESCRIBED:
                more = {"entity_type": kind, "data_type": sort, "field_name": name.strip("=").lower(), "choices": []}
                create(METADATA_DESCRIPTOR, project_id=stage.project.id, name=name, departments=[], **more)
        self.episodes = [self.entity("Episode", name) for name in draw(NAMES)] if is_show else []
        self.assets = [self.asset(name) for name in draw(NAMES)]
        self.shots = [self.shot(name, sequence) for sequence in draw(NAMES) for name in draw(NAMES)[:2]]
        for name in draw(NAMES):
            self.entity("Edit", name, parent_id=self.episode())
        for user in [*self.shots, *self.assets][:4]:
            times = draw(st.one_of(st.none(), st.integers(0, 9)))
            ends = {"entity_in_id": user.id, "entity_out_id": draw(st.sampled_from(self.assets)).id}
            create(ENTITY_LINK, **ends, nb_occurences=times, label=draw(st.one_of(st.just(""), TEXT)))

    def episode(self) -> str | None:
        return self.draw(st.sampled_from(self.episodes)).id if self.episodes and self.draw(st.booleans()) else None

    def entity(self, kind: str, name: str, **values: Any) -> Record:
        data, description = self.draw(DATA), self.draw(DESCRIPTIONS)
        return self.stage.entity(name, kind, data=data, description=description, type=kind, **values)

    def asset(self, name: str) -> Record:
        asset = self.entity("Character", name, source_id=self.episode())
        self.task(asset, "Modeling")
        self.task(asset, "Shading")
        return asset

    def shot(self, name: str, sequence_name: str) -> Record:
        known = self.stage.entities("Sequence").get(sequence_name)
        sequence = known or self.entity("Sequence", sequence_name, parent_id=self.episode())
        frames = self.draw(st.one_of(st.none(), st.integers(-5, 10**6)))
        shot = self.entity("Shot", name, parent_id=sequence.id, nb_frames=frames)
        if self.draw(st.booleans()):
            self.task(shot, "Animation")
        return shot

    def task(self, entity: Record, task_type: str) -> None:
        status = self.stage.statuses[self.draw(st.sampled_from(["todo", "wip", "done"]))]
        self.stage.task_on(entity, task_type, task_status_id=status.id)


@pytest.mark.slow
# A failing example is not made smaller: that takes minutes here.
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_what_an_export_writes_is_taken_back_unchanged(stage: Importing, data: st.DataObject) -> None:
    with session.opened():
        Built(stage, data.draw)
        api = Importer(stage)
        before = stage.everything()
    for what, name in EXPORTS.items():
        where = f"/export/csv/projects/{stage.project.id}/{name}"
        exported = api.get(where).content
        assert set(actions(api.send(what, exported, update="true", dry_run="true"))) <= {"unchanged"}, exported
        assert api.send(what, exported, update="true").status == 201
        assert api.get(where).content == exported
    assert stage.everything() == before
