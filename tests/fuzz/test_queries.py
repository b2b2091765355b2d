"""Drawn input to every declared route: what its query, its path and its body may hold ends in no 5xx.

The names of parameters are those that a route asks its query for while it answers, besides the ones that it declares.
"""

import contextlib
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.domain.crud.pagination import Paging
from chalicelib.domain.registry import ALL
from chalicelib.errors import Invalid
from chalicelib.http import call as calls
from chalicelib.http.call import Route
from chalicelib.records import clock, filters
from chalicelib.records.fields import Field
from chalicelib.records.registry import KINDS
from chalicelib.records.validation import value_of
from infra.local.inside import Answered
from tests.access.requests import parameters, path_of
from tests.access.studio import UNKNOWN, AccessStudio
from tests.access.table import GENERIC
from tests.client import Api
from tests.fuzz.test_hostile import JSON, declared, routes, wrongs

DRAWN: Final = {"database": None, "deadline": None, "derandomize": True, "phases": [Phase.explicit, Phase.generate]}
IN_A_FIXTURE: Final = {**DRAWN, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
EDGES: Final = ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "[" * 9_999, "\ud800", "1e999", "9" * 5_000)
# Numbers and moments at the edges, words of JSON, texts that are none; the rest hypothesis thinks of.
TEXTS: Final = st.sampled_from(
    (
        *EDGES, "", "\0", "nan", "-inf", "-1", "0", "1", "2.5", "1_000", "²", "١٢", "9" * 30, "true", "all", "main",
        UNKNOWN, "0001-01-01", "9999-12-31", "0000-00-00", "2022-02-30", "10000-01-01", "2022-W01-1", "0001-01",
        "9999-12", "2022-13", "53", "2022-01-05T25:00:00", "2022-01-05T00:00:00+99:99",
        "9999-12-31T23:59:59.999999999Z", "[null]", "[[1]]", "[{}]", '["\\ud800"]', "[1e999]", f'["{UNKNOWN}"]',
        "%", "#", "~", "\U0010ffff" * 300, "x" * 9_000,
    )
) | st.text(st.characters(), max_size=12)  # fmt: skip
NUMBERS: Final = st.sampled_from(
    ("1e999", "-1e999", "NaN", "Infinity", "9" * 400, "2147483648", "1e300", "-0", "1.5", "17")
)
DEEP: Final = st.sampled_from(
    ('{"a":' * 300 + "1" + "}" * 300, "[" * 2_000 + "]" * 2_000, '"\\ud800"', '{"\\udfff": 1}')
)
# JSON as it is sent; what is none among it.
VALUES: Final = st.one_of(
    NUMBERS,
    DEEP,
    TEXTS.map(json.dumps),
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXTS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(("id", "entity_id", "name", "text")) | TEXTS, inner, max_size=3)
        ),
        max_leaves=6,
    ).map(json.dumps),
)
SHAPES: Final = (17, "word", [17, None, []], {"a": None}, [{"entity_id": [], "preview_file_id": {}, "text": 5}])


class Asked(dict[str, str]):
    """A query that keeps what it was asked for."""

    names: set[str] = set()  # noqa: RUF012

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


@pytest.fixture
def stage(world: AccessStudio, bucket: str) -> AccessStudio:
    del bucket
    return world


@pytest.fixture
def asked(api: Api, stage: AccessStudio, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Route, list[str]]]:
    """Each route with GET, and the parameters that its query may have."""
    read = calls._query_of
    found = []
    with monkeypatch.context() as patch:
        patch.setattr(calls, "_query_of", lambda event: Asked(read(event)))
        for route in routes(api, "GET"):
            Asked.names = set(route.query if isinstance(route.query, dict) else ())
            Asked.names |= set(getattr(route.query, "__struct_fields__", ()))
            api.get(path_of(route, stage.mine))
            found.append((route, sorted(Asked.names | fields_of(route))))
    assert sum(len(names) for _, names in found) > 1_000
    return found


def fields_of(route: Route) -> set[str]:
    """What the records of a generic route are filtered by, and what their bodies hold."""
    name = route.access.name.removeprefix(GENERIC) if route.access.name.startswith(GENERIC) else ""
    fields = next((one.kind.fields for one in ALL.values() if one.kind.name == name), ())
    return {field.asked_as for field in fields if not (field.internal or field.protected)}


def words_of(route: Route, stage: AccessStudio) -> dict[str, str]:
    """What the parameters of the path of a route are for a production."""
    form = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(route.path))
    found = re.fullmatch(form, path_of(route, stage.mine))
    assert found is not None
    return found.groupdict()


def ask(api: Api, path: str, query: dict[str, list[str]]) -> Answered:
    """A GET as API Gateway hands it over: decoded, whatever the texts are, each parameter as often as it was sent."""
    event = {
        "httpMethod": "GET",
        "path": path,
        "headers": {"Accept": "application/json", "Authorization": f"Bearer {api.tokens['admin']}"},
        "multiValueHeaders": {},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "requestContext": {"httpMethod": "GET", "path": path, "identity": {"sourceIp": "127.0.0.1"}},
        "body": None,
        "isBase64Encoded": False,
        "vulpes.raw": True,
    }
    return Answered(api.app(event, None))


def test_no_parameter_of_any_route_is_broken_by_an_edge(
    api: Api, stage: AccessStudio, asked: list[tuple[Route, list[str]]]
) -> None:
    """All at once, then those alone that the route looked at: the first that is refused hides the others."""

    def cases() -> Iterator[tuple[str, Answered]]:
        for (route, names), edge in itertools.product(asked, EDGES):
            path = path_of(route, stage.mine)
            yield f"{route.path} {edge[:30]!r}", ask(api, path, {name: [edge] for name in names})
            for name in names if not route.access.name.startswith(GENERIC) else ():
                yield f"{route.path} {name} {edge[:30]!r}", ask(api, path, {name: [edge]})

    assert not (found := wrongs(cases())), "\n".join(found)


def test_drawn_queries_and_paths(api: Api, stage: AccessStudio, asked: list[tuple[Route, list[str]]]) -> None:
    @settings(max_examples=600, **IN_A_FIXTURE)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        route, names = data.draw(st.sampled_from(asked))
        query = (
            data.draw(st.dictionaries(st.sampled_from(names), st.lists(TEXTS, min_size=1, max_size=2), max_size=3))
            if names
            else {}
        )
        words, path = words_of(route, stage), route.path
        for name in parameters(path):
            path = path.replace(f"{{{name}}}", data.draw(st.just(words[name]) | TEXTS))
        assert not wrongs(iter([(f"{path} {query}", ask(api, path, query))]))

    run()


def test_drawn_bodies(api: Api, stage: AccessStudio) -> None:
    bodied = [(one, sorted(declared(one) | fields_of(one))) for one in routes(api, "POST", "PUT")]
    bodied = [(route, names) for route, names in bodied if names]

    @settings(max_examples=400, **IN_A_FIXTURE)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        route, names = data.draw(st.sampled_from(bodied))
        fields = data.draw(st.lists(st.tuples(st.sampled_from(names), VALUES), min_size=1, max_size=4))
        raw = "{" + ", ".join(f'"{name}": {value}' for name, value in fields) + "}"
        answered = api.call(route.method, path_of(route, stage.mine), raw=raw.encode(), headers=JSON)
        assert not wrongs(iter([(f"{route.method} {route.path} {raw[:300]}", answered)]))

    run()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_what_is_taken_in_breaks_no_route_that_reads_it(api: Api, stage: AccessStudio, shape: Any) -> None:
    """Fields of any JSON hold what a client put there, be it of another shape than ours."""
    taken = 0
    for route in routes(api, "PUT"):
        name = route.access.name.removeprefix(GENERIC)
        kind = next((one.kind for one in ALL.values() if one.kind.name == name), None)
        for field in kind.fields if kind and route.access.name.startswith(GENERIC) else ():
            if field.type.startswith("json") and not (field.internal or field.protected or field.secret):
                taken += api.put(path_of(route, stage.mine), {field.asked_as: shape}).status < 300
    assert taken > 10
    answers = ((route.path, api.get(path_of(route, stage.mine))) for route in routes(api, "GET"))
    assert not (found := wrongs(answers)), "\n".join(found)


@settings(max_examples=600, **DRAWN)
@given(st.sampled_from([(kind, field) for kind in KINDS.values() for field in kind.fields]), TEXTS, st.booleans())
def test_filters_of_every_kind(declared_: tuple[Any, Field], text: str, wildcards: bool) -> None:
    kind, field = declared_
    with contextlib.suppress(Invalid):
        Paging.of({"page": text, "limit": text})
    with contextlib.suppress(Invalid):
        wanted = filters.parse(kind, {field.asked_as: text}, wildcards)
        for value in (None, "word", [], {}, 17) if field.type.startswith("json") else (None,):
            wanted.holds({field.name: value, "name": "word"})


@settings(max_examples=600, **DRAWN)
@given(st.sampled_from([field for kind in KINDS.values() for field in kind.fields]), TEXTS | VALUES)
def test_values_of_every_field(field: Field, text: str) -> None:
    """Whatever a body or a cell holds is refused by name, or kept as something that reads the same again."""
    try:
        given_: Any = json.loads(text)
    except (ValueError, RecursionError):
        given_ = text
    with contextlib.suppress(Invalid):
        value = value_of(field, given_)
        if not field.type.startswith(("json", "binary", "record")):
            assert value_of(field, value) == value


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "", "never", "٢٠٢٢-01-05"])
def test_a_moment_outside_of_time_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        clock.parse(text)
