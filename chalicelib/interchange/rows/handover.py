"""Imports that take longer than a request has time for: the queue function takes in what is left.

What is left lies in the bucket, and a job hands it over. How far it got is told in the journal: `<word>-import:new`,
`:update`, and `:end` or `:refused`. A message may come twice: so what is taken in twice must change nothing.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.errors import Forbidden, Invalid, NotFound, Unavailable, VulpesError
from chalicelib.events.journal import emit
from chalicelib.interchange.rows.planned import column_of
from chalicelib.media import keys as media_keys
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import PERSON
from chalicelib.store import keys, objects, queue, reference, session
from chalicelib.store.changes import Changes, write

# What a message asks for: `what` is taken in, `project_id`, `caller_id`, `key` of what is left, `done` of `rows`.
Asked = Mapping[str, Any]
# The queue function has 900 s; what is begun last takes some.
_SLICES: Final = 40
# Takes in some of what is left, for as long as a request would; gives how many rows are done, or None for all.
Slice = Callable[[], int | None]
Opened = Callable[[Caller, Asked, bytes], Slice]


class Handover:
    """The way of one sort of import.

    word: what the queue function is asked for by, and events are named by. opened: begins with what is left. It and
    the slices raise Invalid, Forbidden or NotFound for what ends the import: `line_number`, of the rows that are left,
    and `column` say where.
    """

    def __init__(self, word: str, opened: Opened) -> None:
        self.word = f"{word}_import"
        self._event = f"{word}-import"
        self._opened = opened
        self._job = job(f"have the rest of a {word} import taken in")(self._ask)

    def begin(self, asked: Asked, caller: Caller, project_id: str | None, left: bytes) -> None:
        """Has the queue function take in what is left; asked: `what`, `done`, `rows`, and what `opened` needs."""
        home = keys.home_of_owner(project_id) if project_id else STUDIO
        key = media_keys.rest_of_import(home, secrets.token_hex(16))
        objects.put(key, left)
        whole = {**asked, "project_id": project_id, "caller_id": caller.id, "key": key}

        def command(changes: Changes) -> None:
            self._tell(changes, whole, "new", done=asked["done"])
            enqueue(changes, self._job, asked=whole)

        write(command)

    def _ask(self, asked: Asked) -> None:
        queue.send(json.dumps({self.word: asked}))

    def serve(self, asked: Asked) -> None:
        """Takes in what is left, unless that is done; what is wrong with it is told in the journal."""
        data = objects.get(asked["key"])
        if data is None:
            return
        with session.opened(asked["caller_id"]):
            try:
                self._take_in(asked, data)
            except (Invalid, Forbidden, NotFound) as problem:
                self._refuse(asked, problem)
            objects.delete([asked["key"]])

    def _take_in(self, asked: Asked, data: bytes) -> None:
        take_some = self._opened(Caller(reference.get(PERSON, asked["caller_id"])), asked, data)
        for _ in range(_SLICES):
            done = take_some()
            if done is None:
                write(lambda changes: self._tell(changes, asked, "end", done=asked["rows"]))
                return
            self._note(asked, done)
        # The queue gives the message out again, and what is done is found.
        raise Unavailable("The import is not through yet.")

    def _note(self, asked: Asked, done: int) -> None:
        write(lambda changes: self._tell(changes, asked, "update", done=asked["done"] + done))

    def give_up(self, asked: Asked, attempts: int) -> None:
        """Tells of what could not be taken in."""
        with session.opened(asked["caller_id"]):
            self._refuse(asked, Unavailable(f"Taking in the rest of the import failed {attempts} times."))

    def _refuse(self, asked: Asked, problem: VulpesError) -> None:
        told = {"message": problem.message, "column": problem.extra.get("column") or column_of(problem)}
        line_number = problem.extra.get("line_number")
        if line_number is not None:
            told["line_number"] = asked["done"] + line_number
        write(lambda changes: self._tell(changes, asked, "refused", **told))

    def _tell(self, changes: Changes, asked: Asked, verb: str, **more: Any) -> None:
        emit(changes, f"{self._event}:{verb}", asked["project_id"], what=asked["what"], rows=asked["rows"], **more)
