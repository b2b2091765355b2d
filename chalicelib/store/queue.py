"""The queues: work that is asked for besides what uploads ask for by themselves, and waking who sends messages out."""

from chalicelib.errors import Unavailable
from chalicelib.settings import current
from chalicelib.store import rehearsal, sqs


def send(body: str, name: str = "", delay: int = 0) -> None:
    """Puts a message into a queue; Unavailable where it takes none right now.

    name: of the queue, that of the media function where none is given. delay: seconds until it is given out, 900 at
    most.
    """
    rehearsal.refuse()
    try:
        address = sqs.address(name or current().media_queue)
        sqs.call("SendMessage", {"QueueUrl": address, "MessageBody": body, "DelaySeconds": delay})
    except (Unavailable, sqs.NoSuchQueue) as problem:
        raise Unavailable("The work cannot be handed on right now. Try again.") from problem


def give_back(receipt: str, seconds: int) -> None:
    """Makes a message that was taken available again after so long, instead of after the queue's whole patience."""
    taken = {"QueueUrl": sqs.address(current().media_queue), "ReceiptHandle": receipt, "VisibilityTimeout": seconds}
    sqs.call("ChangeMessageVisibility", taken)
