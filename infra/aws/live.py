"""How API Gateway answers the polls of live events out of a session's queue, without a function.

Why so, and at which price: docs/adr/0015-one-origin.md. It is an API of its own: the API of the application hands
everything on as bytes (`*/*`), and of bytes API Gateway makes base64 before a mapping template sees them. As its stage
is called `live` and its resource is `/{sid}`, its paths are those of the application for the same polls: `/live/{sid}`.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

from infra.aws import gateway
from infra.aws.references import Fragment, attribute, text

STAGE: Final = "live"
# The queues of sessions: this and the session's id (store/live_queues.py). Nothing else has a name that begins so.
QUEUES: Final = "${AWS::StackName}-live-"
QUEUE_ARNS: Final = f"arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{QUEUES}*"
# SQS holds a poll for 20 s; API Gateway gives up on an integration after 29 s.
WAIT_SECONDS: Final = 20
TIMEOUT_SECONDS: Final = 28
# A message holds as many packets as python-engineio takes in one answer (chalicelib/events/packets.py): one at a time.
MOST_MESSAGES: Final = 1
_INTEGRATION: Final = "x-amazon-apigateway-integration"
_HEADERS: Final = {
    "Content-Type": "'text/plain; charset=UTF-8'",
    "Cache-Control": "'no-store'",
    "X-Content-Type-Options": "'nosniff'",
}
_JSON: Final = {**_HEADERS, "Content-Type": "'application/json'"}


@lru_cache(maxsize=8)
def mapping_template(name: str) -> str:
    """A mapping template of this folder (`live`, `live_error`, `live_request`) as API Gateway gets it: one line."""
    lines = (line.strip() for line in Path(__file__).with_name(f"{name}.vtl").read_text().splitlines())
    return "".join(line for line in lines if not line.startswith("##"))


def responses() -> Fragment:
    """What becomes of the answers of SQS by the pattern of their status; `default` takes those that no pattern does."""
    return {
        "default": _response(200, _HEADERS, "live"),
        # The template makes 503 of it where not the queue is missing.
        "4\\d{2}": _response(400, _JSON, "live_error"),
        "5\\d{2}": _response(503, _JSON, "live_error"),
    }


def resources() -> Fragment:
    """The API and the role it takes messages with, by name."""
    return {"LiveAPI": _api(), "LivePollRole": _poll_role()}


def _response(status: int, headers: dict[str, str], template: str) -> Fragment:
    return {
        "statusCode": str(status),
        "responseParameters": {f"method.response.header.{name}": value for name, value in headers.items()},
        "responseTemplates": {"application/json": mapping_template(template)},
    }


def _api() -> Fragment:
    return {
        "Type": "AWS::Serverless::Api",
        "Properties": {
            "Name": text("${AWS::StackName}-live"),
            "StageName": STAGE,
            "EndpointConfiguration": {"Type": "REGIONAL"},
            "OpenApiVersion": "2.0",
            "DefinitionBody": {
                "swagger": "2.0",
                "info": {"title": text("${AWS::StackName}-live"), "version": "1.0"},
                "schemes": ["https"],
                "x-amazon-apigateway-request-validator": "parameters",
                "x-amazon-apigateway-request-validators": {
                    "parameters": {"validateRequestParameters": True, "validateRequestBody": False}
                },
                "x-amazon-apigateway-gateway-responses": gateway.errors(),
                "paths": {"/{sid}": {"get": _poll()}},
            },
            "MethodSettings": gateway.throttling(),
        },
    }


def _poll() -> Fragment:
    told = {name: {"type": "string"} for name in _HEADERS}
    return {
        "parameters": [{"name": "sid", "in": "path", "required": True, "type": "string"}],
        "responses": {status: {"description": status, "headers": told} for status in ("200", "400", "503")},
        _INTEGRATION: {
            "type": "aws",
            "httpMethod": "POST",
            "uri": text("arn:${AWS::Partition}:apigateway:${AWS::Region}:sqs:path//"),
            "credentials": attribute("LivePollRole", "Arn"),
            "passthroughBehavior": "never",
            "timeoutInMillis": TIMEOUT_SECONDS * 1000,
            "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
            "requestTemplates": {"application/json": text(mapping_template("live_request"))},
            "responses": responses(),
        },
    }


def _poll_role() -> Fragment:
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    receive = {"Effect": "Allow", "Action": ["sqs:ReceiveMessage"], "Resource": [text(QUEUE_ARNS)]}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [
                {"PolicyName": "live-polls", "PolicyDocument": {"Version": "2012-10-17", "Statement": [receive]}}
            ],
        },
    }
