"""The mapping templates of live events, with the answers of SQS."""

import html
import json
from urllib.parse import parse_qs

import boto3
import pytest
import requests
from moto import mock_aws

from infra.aws.live import MOST_MESSAGES, WAIT_SECONDS, mapping_template
from infra.local.live_template import GONE, asked, poll, received

RECORD = "\x1e"
HOSTILE = [
    '42/events,["comment:new",{"text":"say \\"hi\\" \\\\ and \'bye\'"}]',
    '42/events,["asset:new",{"name":"$message.Body $util.urlDecode(\'%41\') ${separator} $1 $0"}]',
    '42/events,["shot:new",{"name":"#set($x = 1) #if(true) ## #end #foreach($a in $b) #* *#"}]',
    '42/events,["person:update",{"name":"Zoë 東京 🦊 \\u2028","tab":"\\t","line":"\\n"}]',
    '42/events,["task:update",{"html":"<b>&amp;</b> %1E + %"}]',
    "2",
]
PLACE = {
    "AWS::Region": "eu-west-1",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "vulpes-dev",
}


def test_nothing_to_tell_is_a_noop() -> None:
    told = poll(200, received([]))

    assert '"messages": null' in received([])
    assert (told.status, told.body) == (200, "6")


@pytest.mark.parametrize("answer", ['{"ReceiveMessageResponse":{"ReceiveMessageResult":{"messages":[]}}}', "{}"])
def test_an_empty_list_and_an_odd_answer_are_noops_too(answer: str) -> None:
    assert poll(200, answer).body == "6"


@pytest.mark.parametrize("body", HOSTILE)
def test_a_message_comes_as_it_is(body: str) -> None:
    assert poll(200, received([body])).body == body


def test_ten_messages_are_one_payload() -> None:
    bodies = [HOSTILE[number % len(HOSTILE)] for number in range(10)]

    assert poll(200, received(bodies)).body.split(RECORD) == bodies


def test_packets_of_a_message_are_separated_on_the_wire() -> None:
    """SQS takes no 0x1e in a message: there is one packet a line."""
    told = poll(200, received(["\n".join(HOSTILE[:3]), "\n".join(HOSTILE[3:])]))

    assert told.body.split(RECORD) == HOSTILE


def test_it_is_text_that_nobody_keeps() -> None:
    headers = poll(200, received(["2"])).headers

    assert headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert headers["Cache-Control"] == "no-store"


def test_a_queue_that_is_gone_is_an_unknown_session() -> None:
    told = poll(400, GONE)

    assert told.status == 400
    assert json.loads(told.body) == {"code": 1, "message": "Session ID unknown"}
    assert told.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDenied"), (400, "RequestThrottled"), (400, None), (500, "InternalFailure")]
)
def test_other_errors_are_ours_and_asked_again(status: int, code: str | None) -> None:
    told = poll(status, json.dumps({"Error": {"Code": code, "Type": "Sender"}}))

    assert told.status == 503
    assert "message" in json.loads(told.body)


def test_the_request_names_the_queue_of_the_session() -> None:
    form = parse_qs(asked("Ab1-_xyz", PLACE), strict_parsing=True)

    assert form == {
        "Action": ["ReceiveMessage"],
        "Version": ["2012-11-05"],
        "MaxNumberOfMessages": [str(MOST_MESSAGES)],
        "WaitTimeSeconds": [str(WAIT_SECONDS)],
        "QueueUrl": ["https://sqs.eu-west-1.amazonaws.com/123456789012/vulpes-dev-live-Ab1-_xyz"],
    }


@pytest.mark.parametrize(
    "sid", ["../vulpes-dev-media", "x&Action=DeleteQueue", "x?y=1#z", "/999999999999/other", '"$context', "ü\n", "%2F"]
)
def test_no_other_queue_can_be_named(sid: str) -> None:
    form = parse_qs(asked(sid, PLACE), strict_parsing=True)

    assert form["Action"] == ["ReceiveMessage"]
    assert len(form) == 5
    (address,) = form["QueueUrl"]
    assert address.startswith("https://sqs.eu-west-1.amazonaws.com/123456789012/vulpes-dev-live-")
    assert address.count("/") == 4


def test_sqs_takes_what_is_asked_and_tells_of_missing_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form is one of SQS's Query protocol: moto, which reads it, gives out the messages of that queue alone."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    signed = "AWS4-HMAC-SHA256 Credential=testing/20261127/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": signed}
    with mock_aws():
        sqs = boto3.client("sqs", region_name="eu-west-1")
        address = sqs.create_queue(QueueName="vulpes-dev-live-Ab1")["QueueUrl"]
        sqs.send_message(QueueUrl=address, MessageBody='42/events,["a","é"]')
        taken, missing = (
            requests.post("https://sqs.eu-west-1.amazonaws.com/", asked(sid, PLACE), headers=headers, timeout=5)
            for sid in ("Ab1", "Ab2")
        )

    assert '42/events,["a","é"]' in html.unescape(taken.content.decode())
    assert missing.status_code == 400
    assert json.loads(GONE)["Error"]["Code"] in missing.text


def test_templates_are_plain_enough_for_cloudformation_and_the_import() -> None:
    for name in ("live", "live_error", "live_request"):
        template = mapping_template(name)
        assert template.isprintable()
        assert template.isascii()
    assert "${" not in mapping_template("live") + mapping_template("live_error")
