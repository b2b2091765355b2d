"""The queues: work that is asked for besides what uploads ask for by themselves, and waking who sends messages out."""

import threading
from functools import lru_cache
from typing import Any

from chalicelib.errors import Unavailable
from chalicelib.settings import current
from chalicelib.store import rehearsal

_making = threading.Lock()


def _client() -> Any:
    # Several threads may be the first at once, and the library's session is not made for that.
    with _making:
        return _made_client(current().sqs_endpoint, current().region)


@lru_cache(maxsize=2)
def _made_client(endpoint: str, region: str) -> Any:
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client("sqs", region_name=region, endpoint_url=endpoint or None, config=patience)


def _address(name: str = "") -> str:
    return _found_address(current().sqs_endpoint, name or current().media_queue)


@lru_cache(maxsize=4)
def _found_address(endpoint: str, name: str) -> str:
    del endpoint  # each has an address of its own
    address: str = _client().get_queue_url(QueueName=name)["QueueUrl"]
    return address


def send(body: str, name: str = "", delay: int = 0) -> None:
    """Puts a message into a queue; Unavailable where it takes none right now.

    name: of the queue, that of the media function where none is given. delay: seconds until it is given out, 900 at
    most.
    """
    rehearsal.refuse()
    client = _client()
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client.send_message(QueueUrl=_address(name), MessageBody=body, DelaySeconds=delay)
    except (BotoCoreError, ClientError) as problem:
        raise Unavailable("The work cannot be handed on right now. Try again.") from problem


def give_back(receipt: str, seconds: int) -> None:
    """Makes a message that was taken available again after so long, instead of after the queue's whole patience."""
    _client().change_message_visibility(QueueUrl=_address(), ReceiptHandle=receipt, VisibilityTimeout=seconds)
