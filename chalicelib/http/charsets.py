"""The character sets bodies come in.

A closed list: some of Python's codecs give no text, others give halves of surrogate pairs or fail in ways of their own.
"""

from chalicelib.errors import UnsupportedMediaType

_KNOWN = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}


def codec_of(parameters: dict[str, str]) -> str:
    """Python's name for the `charset` of a content type, UTF-8 where it names none; UnsupportedMediaType (415)."""
    named = parameters.get("charset", "utf-8")
    codec = _KNOWN.get(named.lower())
    if codec is None:
        raise UnsupportedMediaType(f"The character set {named} is not known.", data={"expected": sorted(_KNOWN)})
    return codec
