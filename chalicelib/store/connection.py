"""pynamodb's connection with the short way to DynamoDB: pynamodb builds the writes, `wire` sends them.

botocore signs, serializes, validates and parses for any service: 4 ms of CPU a transaction, where this takes half a
millisecond (docs/adr/0011-short-writes.md).
"""

from typing import Any, Final

import msgspec
from pynamodb.connection import Connection
from pynamodb.exceptions import CancellationReason, VerboseClientError

from chalicelib.store import wire
from chalicelib.store.transport import Reply


class _Reason(msgspec.Struct):
    Code: str = "None"
    Message: str | None = None
    Item: dict[str, Any] | None = None


class _Problem(msgspec.Struct):
    """The body of a refusal; services write `message` or `Message`."""

    type: str = msgspec.field(default="", name="__type")
    message: str = ""
    Message: str = ""
    CancellationReasons: list[_Reason] = []


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode
_decode_problem: Final = msgspec.json.Decoder(_Problem).decode


class ShortConnection(Connection):
    """A connection of pynamodb whose requests take the short way."""

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        """The answer to one try; VerboseClientError for a refusal, OSError where no answer came."""
        reply = wire.send(operation_name, _encode(operation_kwargs))
        if reply.status != 200:
            raise _refusal(operation_name, reply)
        answered: dict[str, Any] = _decode(reply.body)
        return answered


def _refusal(operation: str, reply: Reply) -> VerboseClientError:
    """What pynamodb raises for a refusal, as it would with botocore's answer."""
    try:
        problem = _decode_problem(reply.body)
    except msgspec.DecodeError:
        problem = _Problem(message=reply.body[:300].decode(errors="replace"))
    code = problem.type.rpartition("#")[2] or str(reply.status)
    return VerboseClientError(
        {
            "Error": {"Code": code, "Message": problem.message or problem.Message},
            "ResponseMetadata": {"HTTPStatusCode": reply.status},
        },
        operation,
        cancellation_reasons=[
            None if one.Code == "None" else CancellationReason(code=one.Code, message=one.Message, raw_item=one.Item)
            for one in problem.CancellationReasons
        ],
    )
