"""The rows of the table: each measures one budget of the design, section 8."""

from collections.abc import Callable
from typing import Any

from infra.bench import live, planning, playlists, searching
from infra.bench.measuring import Asking, Cost, rate, several
from infra.bench.studio import Measured
from infra.bench.write_units import metered

Row = tuple[str, str, str, bool | None]


def _told(cost: Cost) -> str:
    return f"{cost.cpu:.1f} ms CPU, {cost.calls} calls, {cost.units:.1f} units, {cost.size / 1e6:.2f} MB"


def around_a_handler(asking: Asking, studio: Measured) -> list[Row]:
    """Matching, access, decoding, encoding: a route that reads nothing."""
    del studio
    spent = rate(lambda: asking.ask("GET", "/"), 500) * 1000
    return [("around a trivial handler", "≤ 150 µs CPU", f"{spent:.0f} µs", spent <= 150)]


def one_record(asking: Asking, studio: Measured) -> list[Row]:
    """One task by its id."""
    cost = several(lambda: asking.ask("GET", f"/data/tasks/{studio.tasks[0].id}"))
    met = cost.calls <= 2 and cost.cpu <= 3
    return [("GET of one task", "≤ 2 calls, ≤ 3 ms CPU", _told(cost), met)]


def task_list(asking: Asking, studio: Measured) -> list[Row]:
    """All tasks of the production."""
    path = f"/data/projects/{studio.project.id}/tasks"
    first = asking.ask("GET", path)
    again = several(lambda: asking.ask("GET", path), 5)
    count = len(studio.tasks)
    return [
        (f"list of {count} tasks, first", "≤ 100 ms CPU per 10,000", _told(first), first.cpu <= 100 * count / 10_000),
        (f"list of {count} tasks, again", "≤ 100 ms CPU per 10,000", _told(again), again.cpu <= 100 * count / 10_000),
    ]


def board(asking: Asking, studio: Measured) -> list[Row]:
    """Shots with their tasks."""
    query = {"project_id": studio.project.id}
    ask: Callable[..., Cost] = lambda **more: asking.ask("GET", "/data/shots/with-tasks", query=query, **more)  # noqa: E731
    _forget()
    first = ask()
    again = several(ask, 5)
    known = several(lambda: ask(etag=first.etag), 5)
    return [
        ("shots with tasks, first", "≤ 250 ms CPU", _told(first), first.cpu <= 250),
        ("shots with tasks, nothing changed", "≤ 40 ms CPU, one read", _told(again), again.cpu <= 40),
        (
            f"shots with tasks, known ({known.status})",
            "≤ 5 ms CPU",
            _told(known),
            known.cpu <= 5 and known.status == 304,
        ),
    ]


def _forget() -> None:
    from chalicelib.store import reference

    reference.forget()


def comment(asking: Asking, studio: Measured) -> list[Row]:
    """A comment that changes a status."""
    statuses = _json(asking.ask("GET", "/data/task-status"))
    wanted = [one["id"] for one in statuses if one["short_name"] in ("wip", "todo")]
    asked = iter(range(1000))

    def ask() -> Cost:
        number = next(asked)
        body = {"task_status_id": wanted[number % 2], "comment": "Looks fine"}
        return asking.ask("POST", f"/actions/tasks/{studio.tasks[3].id}/comment", body)

    cost = several(ask)
    with metered() as meter:
        ask()
    return [
        ("a comment with its status change", "≤ 6 calls, one transaction", _told(cost), cost.calls <= 6),
        ("… what it writes", "≤ 50 write units", f"{meter.units} write units", meter.units <= 50),
    ]


def context(asking: Asking, studio: Measured) -> list[Row]:
    """The user context."""
    del studio
    cost = several(lambda: asking.ask("GET", "/data/user/context"))
    return [("user context", "≤ 3 calls, ≤ 10 ms CPU", _told(cost), cost.calls <= 3 and cost.cpu <= 10)]


def against_the_reference(asking: Asking, studio: Measured) -> list[Row]:
    """Whole answers in process against the reference server's over HTTP: twice as fast in each row."""
    project = studio.project.id
    kinds = {kind["name"]: kind["id"] for kind in _json(asking.ask("GET", "/data/entity-types"))}
    names = iter(range(1000))
    asked: list[tuple[str, float, Callable[[], Cost]]] = [
        ("shots with tasks", 211, lambda: asking.ask("GET", "/data/shots/with-tasks", query={"project_id": project})),
        ("a production's tasks", 929, lambda: asking.ask("GET", f"/data/projects/{project}/tasks")),
        ("user context", 28, lambda: asking.ask("GET", "/data/user/context")),
        ("one shot", 3.2, lambda: asking.ask("GET", f"/data/shots/{studio.shots[5].id}")),
        (
            "new asset",
            26,
            lambda: asking.ask(
                "POST",
                f"/data/projects/{project}/asset-types/{kinds['Prop']}/assets/new",
                {"name": f"New {next(names)}"},
            ),
        ),
    ]
    rows: list[Row] = []
    for name, reference, ask in asked:
        cost = sorted((ask() for _ in range(9)), key=lambda one: one.wall)[4]
        told = f"{cost.wall:.1f} ms, {cost.calls} calls, {cost.cpu:.1f} ms CPU"
        rows.append((f"{name}, wall clock", f"≤ {reference / 2:g} ms", told, cost.wall <= reference / 2))
    return rows


def _json(cost: Cost) -> Any:
    import json

    return json.loads(cost.body)


ALL: tuple[Callable[[Asking, Measured], list[Row]], ...] = (
    around_a_handler,
    one_record,
    task_list,
    board,
    comment,
    context,
    against_the_reference,
    planning.day,
    playlists.in_full,
    playlists.movie,
    searching.in_fifty_thousand,
    live.live_events,
)
