"""Editorial imports: cuts make shots and set their frames (docs/contract/interchange.md section 3)."""

from typing import Any, Final

from chalicelib.access import rules
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area, Options
from chalicelib.interchange.editorial import shots
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import shown
from chalicelib.routes.forms import flag, is_dry, sent_file

area = Area("editorial", "Cuts to take in.")
_DRY: Final = {"dry_run": "`true`: answers 200 and what would become of each clip, and writes nothing."}
_OPTIONS: Final[Options] = {"files": True, "query": _DRY, "status": 201}


@area.post("/import/otio/projects/{project_id}", access=rules.project_manager(), **_OPTIONS)
def import_cut(call: Call) -> Any:
    """Takes the shots of a cut (EDL, OTIO, FCP XML, ALE, AAF): new ones are made, the frames of others are set."""
    return _import_cut(call)


@area.post("/import/otio/projects/{project_id}/episodes/{episode_id}", access=rules.project_manager(), **_OPTIONS)
def import_cut_of_episode(call: Call) -> Any:
    """Takes the shots of the cut of an episode."""
    return _import_cut(call)


def _import_cut(call: Call) -> Any:
    sent = sent_file(call, "a form with a cut in the field file")
    convention = (
        call.form.get("naming_convention", "").strip(),
        flag(call.form.get("match_case") or "true", "match_case"),
    )
    place = call.subject, call.params.get("episode_id")
    cut = shots.cut_import(call.caller, *place, (sent.filename, sent.data), convention)
    if is_dry(call):
        return Answer(cut.preview(), 200)
    taken = list(zip(cut.carry_out(), cut.done, strict=True))
    return {
        "created_shots": [shown(shot, type="Shot") for shot, row in taken if row.action == "create"],
        "updated_shots": [shown(shot, type=ENTITY.name) for shot, row in taken if row.action != "create"],
    }
