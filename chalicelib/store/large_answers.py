"""Answers that Lambda cannot carry: kept in the bucket for a day, fetched by the client from there."""

import secrets

from chalicelib.store import objects


def keep(data: bytes, content_type: str, encoding: str) -> str:
    """Stores an answer and gives the address under which it can be fetched for some minutes."""
    key = f"answers/{secrets.token_hex(16)}"
    objects.put(key, data, content_type, encoding)
    return objects.link(key, seconds=600)
