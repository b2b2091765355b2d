"""The templates of a file tree, and how one becomes a folder or a file name (docs/contract/files.md 3.1, 3.2).

A tree is what a production keeps in `file_tree`: whatever somebody put there, so nothing of it is taken for granted.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from chalicelib.domain.slugs import distinct_slug
from chalicelib.errors import Invalid
from chalicelib.records.record import Record

_TOKEN: Final = re.compile(r"<([^<>.]*)(?:\.([^<>]*))?>")
_ID: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_SLASH: Final = "/"
# What a text is put between so that the ends of its slug stay: no letter but a plain one gives itself.
_EDGE: Final = "x"


class Token(NamedTuple):
    """A token of a template: `<Shot>`, `<OutputType.short_name>`."""

    name: str
    field: str = "name"


Values = Callable[[Token], str]


class Path(NamedTuple):
    """A folder and a file name in it."""

    folder: str
    file_name: str


@dataclass(frozen=True)
class Templates:
    """The templates of one sort by kind (`shot`, `asset` …), and the style that what they render has."""

    by_kind: Mapping[str, str]
    style: str

    def of(self, kind: str) -> str:
        """The template of a kind; Invalid where the tree has none."""
        found = self.by_kind.get(kind)
        if found is None:
            raise Invalid(f"The file tree has no template for this: {kind}.", "file_tree", f"a template {kind!r}")
        return found


@dataclass(frozen=True)
class Branch:
    """A file tree in one mode: where it begins, and its templates."""

    mountpoint: str
    root: str
    folders: Templates
    file_names: Templates

    def beginning(self, separator: str) -> str:
        """What every folder of the branch begins with."""
        return separator.join([self.mountpoint, self.root, ""] if self.root else [self.mountpoint, ""])

    def path(self, kind: str, separator: str, values: Values) -> Path:
        """The folder and the file name of a kind. Invalid for a kind without a template and for an unknown token."""
        folder = _folder(self.folders.of(kind), self.folders.style, values).replace(_SLASH, separator)
        name = _file_name(self.file_names.of(kind), self.file_names.style, values)
        return Path(self.beginning(separator) + folder, name)


def branch(project: Record, mode: str) -> Branch:
    """The file tree of a production in one mode; Invalid where it has none, or none of that mode."""
    tree = project["file_tree"]
    if not isinstance(tree, dict) or not tree:
        raise Invalid("This production has no file tree: set one first.", "file_tree", "a file tree")
    found = _branch(tree.get(mode))
    if found is None:
        raise Invalid(f"The file tree has no mode {mode!r}.", "mode", f"one of {', '.join(map(str, tree))}")
    return found


def branches(project: Record) -> list[Branch]:
    """The file tree of a production in all its modes; none where it has no tree."""
    tree = project["file_tree"]
    return [one for part in tree.values() if (one := _branch(part)) is not None] if isinstance(tree, dict) else []


def _branch(found: Any) -> Branch | None:
    if not isinstance(found, dict):
        return None
    folders, names = _templates(found.get("folder_path")), _templates(found.get("file_name"))
    return Branch(_text(found.get("mountpoint")), _text(found.get("root")), folders, names)


def _templates(found: Any) -> Templates:
    texts = {kind: one for kind, one in found.items() if isinstance(one, str)} if isinstance(found, dict) else {}
    return Templates(texts, texts.pop("style", ""))


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def token_of(found: re.Match[str]) -> Token:
    """The token that a part of a template is."""
    return Token(found[1], found[2] or "name")


def tokens_in(element: str) -> list[re.Match[str]]:
    """The tokens of a part of a template."""
    return list(_TOKEN.finditer(element))


def styled(text: str, style: str) -> str:
    """A text in the style of templates: `uppercase`, `lowercase`, or as it is."""
    return {"uppercase": text.upper, "lowercase": text.lower}.get(style, lambda: text)()


def _folder(template: str, style: str, values: Values) -> str:
    """A template with its tokens filled in; what stands between them keeps its case."""
    return _TOKEN.sub(lambda found: _value(token_of(found), values, style), template)


def _file_name(template: str, style: str, values: Values) -> str:
    """A template with its tokens filled in, then all of it in plain letters and digits; ids keep their form."""
    whole = _TOKEN.sub(lambda found: _value(token_of(found), values, ""), template)
    parts = _ID.split(whole)
    texts = [part if number % 2 else styled(_slug_inside(part), style) for number, part in enumerate(parts)]
    return "".join(texts).strip("_")


def _value(token: Token, values: Values, style: str) -> str:
    text = values(token)
    return text if token.field == "id" and _ID.fullmatch(text) else styled(distinct_slug(text), style)


def _slug_inside(text: str) -> str:
    """The slug of a text that stands between others: what separates it from them stays, as one `_`."""
    return distinct_slug(f"{_EDGE}{text}{_EDGE}")[len(_EDGE) : -len(_EDGE)]
