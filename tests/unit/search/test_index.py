"""The index finds what the definition says is best (docs/contract/interchange.md section 6)."""

import random
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.domain.search.documents import Document, of_asset, of_person, of_shot
from chalicelib.domain.search.index import Index, search
from chalicelib.domain.search.matching import matched_terms
from chalicelib.domain.search.words import words_of
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from tests.cpu import least_cpu

VOCABULARY = [
    *("lama", "llama", "lamb", "big", "bigger", "penguin", "penguins", "pengiun", "forest", "foret", "forest01"),
    *("sh010", "sh0100", "sh_020", "character", "charakter", "villain", "010", "10", "rock", "rocket", "ock"),
]


def entity(number: int, name: str, description: str | None = None, **data: Any) -> Record:
    return Record(ENTITY, {"id": f"{number:04}", "name": name, "description": description, "data": data})


def asset(name: str, kind: str = "Prop", description: str | None = None, **data: Any) -> Document:
    return of_asset(entity(hash(name) % 1000, name, description, **data), kind)


def names(documents: list[Document], text: str, count: int = 10) -> list[str]:
    hits = search([Index(documents)], list(dict.fromkeys(words_of(text))), count)
    return [hit.document.record["name"] for hit in hits]


# -- the definition, as plainly as can be ------------------------------------------------------------------------------
@cache
def edits(word: str, other: str) -> int:
    """How many letters are to be changed, added or taken away to make one of the other."""
    if not word or not other:
        return len(word) + len(other)
    same = edits(word[1:], other[1:]) + (word[0] != other[0])
    return min(same, edits(word[1:], other) + 1, edits(word, other[1:]) + 1)


def how(word: str, token: str) -> tuple[int, int] | None:
    """The typos and the form of a match."""
    if word in token:
        return 0, 0 if word == token else 1 if token.startswith(word) else 2
    allowed = 0 if len(word) < 5 or any(map(str.isdigit, word)) else 1 if len(word) < 9 else 2
    letters = token
    for at, letter in enumerate(token):
        if letter.isdigit():
            letters = token[:at]
            break
    least = min(edits(word, letters[:end]) for end in range(len(letters) + 1))
    swaps = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    if any(letters.startswith(one) for one in swaps):
        least = min(least, 1)
    return (least, 3) if 0 < least <= allowed else None


def naive_key(document: Document, words: list[str]) -> tuple[Any, ...] | None:
    found = []
    for word in words:
        places = [
            (match, number, part.rank, position)
            for number, part in enumerate(document.parts)
            for position, token in enumerate(part.text.split())
            if (match := how(word, token)) is not None
        ]
        least = min((match[0] for match, *_ in places), default=0)
        if places := [place for place in places if place[0][0] == least]:
            found.append(places)
    if not found:
        return None
    distance = 0
    for before, after in pairwise(found):
        steps = [b[3] - a[3] for a in before for b in after if a[1] == b[1]]
        distance += min([8, *(step - 1 if step > 0 else 1 - step for step in steps)])
    best = [min((place[2], place[0][1]) for place in places) for places in found]
    typos = sum(places[0][0][0] for places in found)
    ranks, forms = (sum(one) for one in zip(*best, strict=True))
    return len(words) - len(found), typos, distance, ranks, forms, document.order


def naive(documents: list[Document], words: list[str]) -> list[tuple[Any, ...]]:
    keys = (naive_key(document, words) for document in documents)
    return sorted(key for key in keys if key is not None)


def any_document(chance: random.Random, number: int) -> Document:
    name = chance.choice("_ -").join(chance.choices(VOCABULARY, k=chance.randint(1, 3)))
    description = " ".join(chance.choices(VOCABULARY, k=3)) if chance.random() < 0.4 else None
    data = {"look": chance.choice(VOCABULARY), "fps": "25"} if chance.random() < 0.3 else {}
    made = entity(number, name, description, **data)
    if number % 2:
        return of_shot(made, entity(9000, chance.choice(VOCABULARY)), None)
    return of_asset(made, chance.choice(("Character", "Prop")))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_the_best_are_those_of_the_definition(seed: int) -> None:
    chance = random.Random(seed)
    # Some indexes are so large that they are not looked through to the end.
    size, queries = chance.choice(((0, 1), (20, 60), (900, 4)))
    documents = [any_document(chance, number) for number in range(size)]
    indexes = [Index(documents[::2]), Index(documents[1::2])]
    for _ in range(queries):
        query = "".join(chance.choices(["lam", "big ", " ", *VOCABULARY], k=chance.randint(1, 4)))
        words = list(dict.fromkeys(words_of(query)))
        best = naive(documents, words) if words else []
        for count in (1, 3, 50):
            found = [(*hit.standing, hit.order) for hit in search(indexes, words, count)] if words else []
            assert found == best[:count], (words, count)


# -- by example --------------------------------------------------------------------------------------------------------
def test_case_and_accents_do_not_count() -> None:
    assert names([asset("Été_Forêt")], "FORET") == ["Été_Forêt"]
    assert names([asset("Ete")], "été") == ["Ete"]
    assert words_of("ﬁn Straße №5 日本") == ["fin", "strasse", "no5", "日本"]


def test_whole_words_come_before_beginnings_before_middles() -> None:
    documents = [asset(name) for name in ("Llama", "Lamabird", "Lama", "Tree")]
    assert names(documents, "lama") == ["Lama", "Lamabird", "Llama"]


def test_names_come_before_descriptions_before_metadata() -> None:
    documents = [asset("A", look="lama"), asset("B", description="A lama"), asset("Inside llama")]
    assert names(documents, "lama") == ["Inside llama", "B", "A"]


def test_all_words_come_before_some_and_near_ones_before_far_ones() -> None:
    documents = [asset("Old tree, big lama"), asset("Old lama"), asset("Lama, old"), asset("Lama"), asset("Tree")]
    assert names(documents, "old lama") == ["Old lama", "Lama, old", "Old tree, big lama", "Lama"]


def test_longer_words_forgive_typos_and_numbers_do_not() -> None:
    documents = [asset(name) for name in ("Penguin", "Penguins", "Lama", "Environment", "SH0100")]
    assert names(documents, "pengiun") == names(documents, "pinguin") == ["Penguin", "Penguins"]
    assert names(documents, "enviromnent") == names(documents, "enviroment") == ["Environment"]
    assert names(documents, "lema") == names(documents, "SH0101") == []


def test_types_sequences_and_episodes_find_what_is_in_them() -> None:
    shot = of_shot(entity(1, "SH_010", frame_in="1001"), entity(2, "SQ01"), entity(3, "E01"))
    assert names([asset("Lama", "Character")], "charac") == ["Lama"]
    assert names([shot], "e01 sq01 sh010") == names([shot], "sh 010") == ["SH_010"]
    assert names([shot], "1001") == []


def test_what_matched_is_told() -> None:
    made = asset("Lama", "Character", "A lama of the forest", look={"fur": ["forest", 7]}, note=None)
    assert matched_terms(made, ["lama"]) == ["name", "description"]
    assert matched_terms(made, ["forest", "lama"]) == ["name", "description", "look"]
    person = of_person(Record(PERSON, {"id": "1", "full_name": "Zoé Zwölf"}))
    assert matched_terms(person, ["zwolf"]) == ["name"]


@pytest.mark.slow
@pytest.mark.parametrize("text", ["sh0123", "sh012", "sq012 sh01", "penguin", "pengiun", "character rock"])
def test_fifty_thousand_documents_are_searched_in_no_time(text: str) -> None:
    index = large()
    words = words_of(text)
    search([index], words, 3)
    # The budget is 30 ms (infra/bench); here the machine is shared by all tests.
    assert least_cpu(lambda: search([index], words, 3), runs=3) < 0.15


@cache
def large() -> Index:
    chance = random.Random(1)
    sequences = [entity(100_000 + number, f"SQ{number:03}") for number in range(200)]
    shots = (of_shot(entity(one, f"SH{one % 2000:04}"), sequences[one % 200], None) for one in range(30_000))
    assets = (of_asset(entity(one, f"{chance.choice(VOCABULARY)} {one}"), "Character") for one in range(30_000, 50_000))
    return Index([*shots, *assets])
