"""One name however its characters were typed; one address in any case of letters; shown as typed.

Source: docs/contract/production.md 2.1, 4.3, docs/contract/people.md 2.3.
"""

import unicodedata
from typing import Any

import pytest

from tests.client import PASSWORD, Api
from tests.unit.people.conftest import PostOffice, post  # noqa: F401


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


NAME = "Été à Vœrsø"
# Kinds whose names are unique, with what else their bodies need.
KINDS: dict[str, dict[str, Any]] = {
    "/data/projects": {},
    "/data/departments": {"color": "#000000"},
    "/data/studios": {"color": "#000000"},
    "/data/task-types": {"color": "#000000"},
    "/data/entity-types": {},
    "/data/output-types": {"short_name": "x"},
    "/data/softwares": {"short_name": "x", "file_extension": "x"},
    "/data/preview-background-files": {},
}


@pytest.mark.parametrize("path", KINDS)
def test_a_name_is_taken_however_it_is_typed(api: Api, path: str) -> None:
    made = api.post(path, {"name": decomposed(NAME), **KINDS[path]})
    assert made.status == 201, made.content
    assert made["name"] == decomposed(NAME), "shown as typed"
    for same in (composed(NAME), decomposed(NAME)):
        refused = api.post(path, {"name": same, **KINDS[path]})
        assert refused.status == 400
        assert [one["id"] for one in api.get(path, {"name": same}).json] == [made["id"]]


@pytest.mark.parametrize("path", KINDS)
def test_a_name_that_is_too_long_is_refused_by_its_bound(api: Api, path: str) -> None:
    refused = api.post(path, {"name": "é" * 5000, **KINDS[path]})
    assert refused.status == 400
    assert refused["data"]["field"] == "name"
    assert "characters" in refused["data"]["expected"]


def test_retyping_a_name_keeps_it_taken(api: Api) -> None:
    made = api.post("/data/departments", {"name": decomposed(NAME), "color": "#000000"})
    assert api.put(f"/data/departments/{made['id']}", {"name": composed(NAME)})["name"] == composed(NAME)
    assert api.post("/data/departments", {"name": decomposed(NAME), "color": "#000000"}).status == 400
    assert api.delete(f"/data/departments/{made['id']}").status == 204
    assert api.post("/data/departments", {"name": decomposed(NAME), "color": "#000000"}).status == 201


@pytest.mark.parametrize(("first", "second"), [("Straße", "STRASSE"), ("İstanbul", "i̇STANBUL"), ("Σίσυφος", "ΣΊΣΥΦΟΣ")])
def test_in_any_case_means_every_alphabet(api: Api, first: str, second: str) -> None:
    assert api.post("/data/entity-types", {"name": first}).status == 201
    assert api.post("/data/entity-types", {"name": second}).status == 400
    assert api.post("/data/projects", {"name": first}).status == 201
    assert [one["name"] for one in api.get("/data/projects/all", {"name": second}).json] == [first]
    assert api.post("/data/projects", {"name": second}).status == 201, "there, case counts"


def test_an_open_production_is_found_by_its_name_however_it_is_typed(api: Api) -> None:
    api.post("/data/projects", {"name": decomposed(NAME)})
    assert len(api.get("/data/projects/open", {"name": composed(NAME)}).json) == 1


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("zoë@example.com", decomposed("ZOË@Example.com")),
        ("weiß@example.com", "WEISS@example.com"),
        ("İ@example.com", "i̇@EXAMPLE.com"),
    ],
)
def test_an_address_is_one_account(api: Api, post: PostOffice, typed: str, other: str) -> None:  # noqa: F811
    body = {"first_name": "Zoë", "last_name": "Weiß", "email": typed, "password": PASSWORD}
    person = api.post("/data/persons", body).json
    for address in (typed, other, f" {other} "):
        assert api.post("/auth/login", {"email": address, "password": PASSWORD}, user=None).status == 200
        assert api.post("/data/persons", {**body, "email": address}).status == 400
        assert [one["id"] for one in api.get("/data/persons", {"email": address}).json] == [person["id"]]
        assert api.post("/auth/reset-password", {"email": address}, user=None).status == 200
        assert post.last.recipient == person["email"]


def test_a_desktop_login_is_found_however_it_is_typed(api: Api) -> None:
    api.person(name="zoe", desktop_login=composed("zoë"))
    assert api.post("/auth/login", {"email": decomposed("zoë"), "password": PASSWORD}, user=None).status == 200


def test_an_address_longer_than_any_is_refused_before_it_is_looked_at(api: Api) -> None:
    body = {"first_name": "A", "last_name": "B", "email": "a@" + "." * 1_000_000 + " ", "password": PASSWORD}
    refused = api.post("/data/persons", body)
    assert refused.status == 400
    assert refused["data"] == {"field": "email", "expected": "an address of at most 254 characters"}
