"""Texts as parts of names: of files, of folders, of keys in metadata."""

import re
import unicodedata
from typing import Final

_RUN: Final = re.compile(r"[^a-z0-9]+")
# Letters that no accent is to be taken from: Latin, Greek, Cyrillic ones, by what is written for them.
_SPELT: Final = """
    ß=ss æ=ae œ=oe ø=o đ=d ł=l þ=th ð=d ı=i
    α=a β=b γ=g δ=d ε=e ζ=z η=e θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=u φ=ph χ=kh ψ=ps ω=o
    а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch
    ъ= ы=y ь= э=e ю=iu я=ia і=i ї=i є=ie ґ=g
"""
_LETTERS: Final = {pair[0]: pair[2:] for pair in _SPELT.split()}
# Accents that stand by themselves, and what tells a symbol to be shown in colour.
_NOTHING: Final = re.compile(r"[\u0300-\u036f\ufe00-\ufe0f]")


def slug(text: str) -> str:
    """A text in plain lower-case letters and digits, every run of others one `_`: "Sh 030 (été)" is `sh_030_ete`.

    A letter that no Latin one stands for counts for nothing.
    """
    return _slug(text, "")


def distinct_slug(text: str) -> str:
    """The same for what has to stay apart, folders say: a letter that no Latin one stands for is told by its number."""
    return _slug(text, "u{:x}")


def _slug(text: str, other: str) -> str:
    lower = text.lower()
    if not lower.isascii():
        lower = "".join(_plain(one, other) for one in unicodedata.normalize("NFKC", lower).lower())
    return _RUN.sub("_", lower).strip("_")


def _plain(letter: str, other: str) -> str:
    """A character in ASCII; a space for what is no letter, `other` for a letter that no Latin one stands for."""
    if letter.isascii():
        return letter
    if _NOTHING.match(letter):
        return ""
    base = letter if letter in _LETTERS else unicodedata.normalize("NFKD", letter)[0]
    if base.isascii() or base in _LETTERS:
        return _LETTERS.get(base, base)
    return other.format(ord(letter)) if unicodedata.category(letter)[0] in "LMN" else " "
