"""The media queue: work that is asked for besides what uploads ask for by themselves."""

import threading
from functools import lru_cache
from typing import Any

from chalicelib.settings import current

_making = threading.Lock()


def _client() -> Any:
    # Several threads may be the first at once, and the library's session is not made for that.
    with _making:
        return _made_client()


@lru_cache(maxsize=1)
def _made_client() -> Any:
    import boto3

    return boto3.client("sqs", region_name=current().region, endpoint_url=current().sqs_endpoint or None)


@lru_cache(maxsize=1)
def _address() -> str:
    address: str = _client().get_queue_url(QueueName=current().media_queue)["QueueUrl"]
    return address


def forget_client() -> None:
    """Makes the next call build its client anew; tests that change endpoints call it."""
    _made_client.cache_clear()
    _address.cache_clear()


def send(body: str) -> None:
    """Puts a message into the queue."""
    _client().send_message(QueueUrl=_address(), MessageBody=body)


def give_back(receipt: str, seconds: int) -> None:
    """Makes a message that was taken available again after so long, instead of after the queue's whole patience."""
    _client().change_message_visibility(QueueUrl=_address(), ReceiptHandle=receipt, VisibilityTimeout=seconds)
