"""Texts as parts of names (docs/contract/files.md 3.2)."""

import pytest

from chalicelib.domain.slugs import distinct_slug, slug


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Sh 030 (été)", "sh_030_ete"),
        ("__Big--Lama__", "big_lama"),
        ("Straße Øst Łódź Cœur", "strasse_ost_lodz_coeur"),
        ("E\u0301te\u0301", "ete"),
        ("Bob\u2019s \u2013 house…", "bob_s_house"),
        ("ÀÉÎÕÜ ﬁn ①", "aeiou_fin_1"),
        ("Тёмный Лес", "temnyi_les"),
        ("Объект", "obekt"),
        ("Ψυχή", "psukhe"),
        ("日本 01", "01"),
        ("🦙 lama ❤️", "lama"),
        ("İstanbul", "istanbul"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_text_in_plain_letters(text: str, told: str) -> None:
    assert slug(text) == told
    assert slug(told) == told


def test_a_letter_without_a_latin_one_may_be_told_by_its_number() -> None:
    told = [distinct_slug(text) for text in ("日本 01", "한", "Été 1")]
    assert told == ["u65e5u672c_01", "ud55c", "ete_1"]
    assert [distinct_slug(one) for one in told] == told


def test_names_in_other_letters_stay_apart() -> None:
    names = ["東京 01", "大阪 01", "Дом", "Лес", "บ้าน", "บาน"]
    assert len({distinct_slug(name) for name in names}) == len(names)
