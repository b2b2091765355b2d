"""`kitsu`: moves a studio here from a running Kitsu, and brings over later what changed there since.

First what the whole studio shares, then one production after the other, then what is listed for the studio and lives
with productions and people. Each run compares every row with what is here and writes what differs: it may be cut off
anywhere. A step that is done is not looked at again by the run that takes it up.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.domain.people import accounts
from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_BACKGROUND_FILE, PREVIEW_FILE, WORKING_FILE
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.production import (
    BUDGET,
    BUDGET_ENTRY,
    PROJECT,
    PROJECT_TASK_STATUS_LINK,
    PROJECT_TASK_TYPE_LINK,
)
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS, TASK
from chalicelib.store import bulk_writing, keys, reads, reference
from infra.migrate import copying, lists
from infra.migrate.lists import List
from infra.migrate.progress import Progress
from infra.migrate.rows import Row
from infra.migrate.source import Missing, Source, SourceProblem
from infra.migrate.state import STUDIO_STEP, State
from infra.migrate.target import Collection, Tally, make_room

Tallies = dict[str, Tally]
_PICTURED = (PERSON, PROJECT, ORGANISATION)
_SCATTERED_STEP = "scattered"
# What is set on productions is told with those that are open.
_SETTINGS = List(PROJECT_TASK_TYPE_LINK, "/data/projects/open")


@dataclass
class Migration:
    """What is moved, from where, and how far that has come."""

    source: Source
    state: State
    progress: Progress
    production_names: Sequence[str] = ()
    with_files: bool = True

    def run(self) -> Tallies:
        """Moves all of it; gives what became of each kind. Raises SourceProblem where the other server fails."""
        found: Tallies = {}
        projects = self._projects()
        steps: list[tuple[str, Callable[[], Tallies]]] = [(STUDIO_STEP, lambda: self._move_studio(projects))]
        for row in projects:
            steps.append((row["id"], lambda row=row: _Production(self, row).move()))  # type: ignore[misc]
        steps.append((_SCATTERED_STEP, lambda: self._move_scattered(projects)))
        for name, move in steps:
            tallies = self.state.done(name)
            if tallies is None:
                tallies = move()
                self.state.note(name, tallies)
            for table, tally in tallies.items():
                found.setdefault(table, Tally()).add(tally)
        self.state.finish()
        return found

    def keep_password(self, password: str) -> None:
        """Lets the administrator who moves the studio sign in here with the password of there, without one here."""
        person = reference.find(PERSON, self.source.person_id)
        if person is not None and not person.get("password"):
            accounts.set_password(person, password)

    def send_letters(self) -> int:
        """Asks all who have no password here by mail to choose one; gives how many letters went out in this run."""
        sent = 0
        for person in reference.every(PERSON).values():
            if not person["active"] or person["is_bot"] or not person["email"] or person.get("password"):
                continue
            if not self.state.is_told(person.id):
                accounts.invite(person)
                self.state.note_letter(person.id)
                sent += 1
        return sent

    def rows(self, wanted: List) -> Iterator[Row]:
        """The rows of a list, shown as they come."""
        with self.progress.step(wanted.kind.table) as step:
            for page in self.source.rows(wanted.path, **wanted.query):
                step.advance(len(page))
                yield from page

    def _projects(self) -> list[Row]:
        wanted = next(one for one in lists.STUDIO_LISTS if one.kind is PROJECT)
        rows = [row for page in self.source.rows(wanted.path, **wanted.query) for row in page]
        if not self.production_names:
            return rows
        unknown = set(self.production_names) - {row["name"] for row in rows}
        if unknown:
            raise SourceProblem(f"There is no production {', '.join(sorted(unknown))} at {self.source.url}.")
        return [row for row in rows if row["name"] in self.production_names]

    # -- what the studio shares ------------------------------------------------------------------------------------
    def _move_studio(self, projects: list[Row]) -> Tallies:
        found: Tallies = {}
        for wanted in lists.STUDIO_LISTS:
            rows = projects if wanted.kind is PROJECT else self._all(wanted)
            if rows is None:
                found[wanted.kind.table] = Collection(wanted.kind, STUDIO).lack(wanted.path)
                continue
            make_room(wanted.kind, rows)
            collection = Collection(wanted.kind, STUDIO)
            before = dict(collection.records)
            for row in rows:
                collection.take(row)
            if self.with_files:
                self._copy_pictures(collection, before)
            found[wanted.kind.table] = collection.finish(here_alone=not self._is_part(wanted.kind))
            bulk_writing.tell()
        return found | self._link_settings(projects)

    def _all(self, wanted: List) -> list[Row] | None:
        """The rows of a list; None where the other server has none, and it can be done without."""
        try:
            return list(self.rows(wanted))
        except Missing:
            if wanted.is_needed:
                raise
            return None

    def _is_part(self, kind: Kind) -> bool:
        """Whether others of that kind here have nothing to do with what is moved."""
        return kind is PROJECT and bool(self.production_names)

    def _copy_pictures(self, collection: Collection, before: dict[str, Record]) -> None:
        kind = collection.kind
        changed = {one.id for one in collection.records.values() if before.get(one.id) is not one}
        if kind in _PICTURED or kind is PREVIEW_BACKGROUND_FILE:
            with self.progress.step(f"pictures of {kind.table}") as step:
                copy = copying.copy_pictures if kind in _PICTURED else copying.copy_backgrounds
                copy(self.source, collection, changed, step)

    def _link_settings(self, projects: list[Row]) -> Tallies:
        """Priorities of task types and statuses; the other server tells those of open productions alone."""
        chosen = {row["id"] for row in projects}
        every = self._all(_SETTINGS)
        if every is None:
            lacking = Tally(missing=[_SETTINGS.path])
            return {PROJECT_TASK_TYPE_LINK.table: lacking, PROJECT_TASK_STATUS_LINK.table: lacking}
        rows = [row for row in every if row["id"] in chosen]
        types = [
            {"project_id": row["id"], "task_type_id": one, "priority": priority}
            for row in rows
            for one, priority in (row.get("task_types_priority") or {}).items()
        ]
        statuses = [
            {"project_id": row["id"], "task_status_id": one, **said}
            for row in rows
            for one, said in (row.get("task_statuses_link") or {}).items()
        ]
        return {
            PROJECT_TASK_TYPE_LINK.table: _take_links(PROJECT_TASK_TYPE_LINK, types),
            PROJECT_TASK_STATUS_LINK.table: _take_links(PROJECT_TASK_STATUS_LINK, statuses),
        }

    # -- what is listed for the studio and lives elsewhere ---------------------------------------------------------
    def _move_scattered(self, projects: list[Row]) -> Tallies:
        chosen = {keys.home_of_owner(row["id"]) for row in projects}
        owners = {one["id"]: keys.home_of_owner(one["id"]) for one in projects}
        owners |= {one: keys.home_of_owner(one) for one in reference.every(PERSON)}
        for home in chosen:
            owners |= {one.id: home for kind in (ENTITY, TASK) for one in reads.query(kind, home)}
        found: Tallies = {}
        for wanted in lists.SCATTERED_LISTS:
            kind = wanted.kind
            homes = sorted(_homes_of(kind, chosen))
            collections = {home: Collection(kind, home) for home in homes}
            tally = found[kind.table] = Tally()
            rows = self._all(wanted)
            for row in rows or ():
                going_to = collections.get(_home_of(kind, row, owners))
                if going_to is not None and _is_wanted(row, projects):
                    going_to.take(row)
            for collection in collections.values():
                if rows is None:
                    tally.add(collection.lack(wanted.path))
                    continue
                self._copy_content(collection)
                tally.add(collection.finish(here_alone=kind.home.named != () or not self.production_names))
            owners |= {one: home for home, collection in collections.items() for one in collection.records}
        bulk_writing.tell()
        return found

    def _copy_content(self, collection: Collection) -> None:
        if self.with_files and collection.kind is WORKING_FILE and collection.records:
            collection.flush()
            with self.progress.step("content of working files") as step:
                copying.copy_working_files(self.source, collection, step)


class _Production:
    """One production on its way here."""

    def __init__(self, migration: Migration, row: Row) -> None:
        self._migration = migration
        self._id: str = row["id"]
        self._name = row["name"]
        self._found: Tallies = {}
        # What other lists have to be read for: attachments and statuses by comment, comments by preview.
        self._attached: dict[str, list[str]] = {}
        self._status_of: dict[str, str] = {}
        self._comments_of: dict[str, list[str]] = {}

    def move(self) -> Tallies:
        """Moves all that lives with it."""
        self._migration.progress.say(f"-- {self._name}")
        for one in (*lists.PROJECT_LISTS, List(BUDGET, lists.BUDGETS)):
            wanted = one.of(self._id)
            self._move(wanted, self._migration.rows(wanted))
        self._move(List(BUDGET_ENTRY, lists.BUDGET_ENTRIES), self._budget_entries())
        bulk_writing.tell()
        return self._found

    def _budget_entries(self) -> Iterator[Row]:
        for budget in reads.query(BUDGET, keys.home_of_owner(self._id)):
            path = lists.BUDGET_ENTRIES.format(project_id=self._id, budget_id=budget.id)
            yield from self._migration.rows(List(BUDGET_ENTRY, path))

    def _move(self, wanted: List, rows: Iterable[Row]) -> None:
        kind = wanted.kind
        home = keys.home_of_owner(self._id) if kind.home.named else STUDIO
        collection = Collection(kind, home, of_project=self._id if home == STUDIO else None)
        try:
            for row in rows:
                collection.take(row, **self._more(kind, row))
        except Missing:
            if wanted.is_needed:
                raise
            self._found[kind.table] = collection.lack(wanted.path)
            return
        collection.flush()
        self._copy_files(collection)
        self._found[kind.table] = collection.finish()

    def _more(self, kind: Kind, row: Row) -> Row:
        """The fields of a record that its own list does not tell."""
        if kind is ENTITY:
            # An asset, a shot …: some lists tell another word.
            return {"type": entity_types.kind_name(row.get("entity_type_id"))}
        if kind is ATTACHMENT_FILE:
            self._attached.setdefault(row.get("comment_id") or "", []).append(row["id"])
        if kind is COMMENT:
            self._status_of[row["id"]] = row.get("task_status_id") or ""
            for preview in row.get("previews") or ():
                preview_id = preview["id"] if isinstance(preview, dict) else preview
                self._comments_of.setdefault(preview_id, []).append(row["id"])
            return {"attached": sorted(self._attached.get(row["id"], ())) or None}
        if kind is PREVIEW_FILE:
            return {"comments": sorted(self._comments_of.get(row["id"], ()))}
        if kind is NEWS:
            return {"task_status_id": self._status_of.get(row.get("comment_id") or "") or None}
        return {}

    def _copy_files(self, collection: Collection) -> None:
        kind = collection.kind
        if self._migration.with_files and kind in (ATTACHMENT_FILE, PREVIEW_FILE):
            copy = copying.copy_previews if kind is PREVIEW_FILE else copying.copy_attachments
            with self._migration.progress.step(f"files of {kind.table}") as step:
                copy(self._migration.source, collection, step)


def _take_links(kind: Kind, rows: list[Row]) -> Tally:
    """Settings of productions: the rows have no ids, so each is the link between the same two that is here."""
    first, second = kind.unique_together[0]
    here = {(one[first], one[second]): one.id for one in reads.query(kind, STUDIO)}
    collection = Collection(kind, STUDIO)
    for row in rows:
        pair = row[first], row[second]
        collection.take({**row, "id": here.get(pair) or keys.new_id(kind, STUDIO)})
    tally = collection.finish(here_alone=False)
    bulk_writing.tell()
    return tally


def _homes_of(kind: Kind, productions: set[str]) -> set[str]:
    """Where records of a kind that is listed for the whole studio may live."""
    if not kind.home.named:
        return {STUDIO}
    if kind.by_name[kind.home.named[0]].relation == PERSON.table:
        return {keys.home_of_owner(one) for one in reference.every(PERSON)}
    return productions


def _home_of(kind: Kind, row: Row, owners: dict[str, str]) -> str:
    """Where a row goes; nowhere, an empty text, for one of a production that is not moved."""
    if not kind.home.named:
        return STUDIO
    named = next((row[name] for name in kind.home.named if row.get(name)), None)
    return owners.get(named, "") if named else ""


def _is_wanted(row: Row, projects: list[Row]) -> bool:
    """A filter of a production that is not moved stays where it is."""
    return row.get("project_id") is None or any(row["project_id"] == one["id"] for one in projects)
