"""What routes read off a form or a query: the file that came, a flag that is one word or the other."""

from typing import Final

from chalicelib.errors import Invalid
from chalicelib.http.call import Call, UploadedFile
from chalicelib.records.validation import boolean_of


def sent_file(call: Call, expected: str = "a file") -> UploadedFile:
    """The file that came in the field `file`; Invalid, which tells what was expected, where there is none."""
    found = next((one for one in call.files if one.field == "file"), None)
    if found is None:
        raise Invalid("There is no file in the form.", "file", expected)
    return found


DRY_RUN: Final = {"dry_run": "`true`: answers 200 and what would become of each entry, and writes nothing."}


def is_dry(call: Call) -> bool:
    """Whether a request asks for a dry run; Invalid for a word that says neither."""
    return flag(call.query.get("dry_run") or "false", "dry_run")


def flag(text: str, name: str) -> bool:
    """Whether the text of a field says that it is true; Invalid for what is neither true nor false."""
    try:
        return boolean_of(text)
    except ValueError:
        raise Invalid(f"{name} is neither true nor false.", name, "true or false") from None
