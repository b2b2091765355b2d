"""What the two APIs note of each request: a line of JSON in a log group of their own.

It holds no query string, header or body: links that sign somebody in and signed addresses have their secrets there. A
path holds none (edge.js keeps the session of live events a parameter); of a poll, whose path is the session, only the
resource is noted.
"""

import json
from typing import Any, Final

from infra.aws.references import Fragment, attribute, choose, ref, text

# What is logged: nothing; the API; live events as well, whose polls are four fifths of all requests.
CHOICES: Final = ("none", "api", "all")
USUAL: Final = "api"
# API Gateway writes logs with one role for all APIs of an account and region (`make deploy` looks whether it has one).
ACCOUNT_ROLE: Final = "MakesLogRole"
_POLICY: Final = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
_GROUPS: Final = {"RestAPI": ("ApiAccessLog", "HasAccessLogs"), "LiveAPI": ("LiveAccessLog", "HasLiveAccessLogs")}

_LINE: Final = {
    "time": "$context.requestTime",
    # What the client is told as x-amzn-RequestId.
    "request": "$context.requestId",
    # What the line of the function calls `request`.
    "function_request": "$context.awsEndpointRequestId",
    "trace": "$context.xrayTraceId",
    "method": "$context.httpMethod",
    "resource": "$context.resourcePath",
    "status": "$context.status",
    "ms": "$context.responseLatency",
    "integration_ms": "$context.integrationLatency",
    "integration_status": "$context.integrationStatus",
    "integration_error": "$context.integrationErrorMessage",
    "error": "$context.error.responseType",
    "bytes": "$context.responseLength",
    # Of the distribution where the request came through it; who asked it stands in the line of the function.
    "address": "$context.identity.sourceIp",
    "agent": "$context.identity.userAgent",
}


def line(path: bool) -> str:
    """The format of a line, one JSON object; `path`: with the path that was asked for."""
    return json.dumps({**_LINE, **({"path": "$context.path"} if path else {})}, separators=(",", ":"))


def parameters() -> Fragment:
    """The parameters by name."""
    return {
        "AccessLogs": {
            "Type": "String",
            "Description": "Requests that are logged: none, those of the API, all (polls of live events as well)",
            "AllowedValues": list(CHOICES),
            "Default": USUAL,
        },
        ACCOUNT_ROLE: {
            "Type": "String",
            "Description": "yes: the stack makes the role that API Gateway writes logs with; make deploy finds out",
            "AllowedValues": ["yes", "no"],
            "Default": "no",
        },
    }


def conditions() -> Fragment:
    """The conditions on them by name."""
    return {
        "HasAccessLogs": {"Fn::Not": [{"Fn::Equals": [ref("AccessLogs"), "none"]}]},
        "HasLiveAccessLogs": {"Fn::Equals": [ref("AccessLogs"), "all"]},
        ACCOUNT_ROLE: {"Fn::Equals": [ref(ACCOUNT_ROLE), "yes"]},
    }


def resources(days: int) -> Fragment:
    """The log groups, kept for so many days, and the role, by name."""
    ends = {"RestAPI": "api", "LiveAPI": "live"}
    groups = {
        group: {
            "Type": "AWS::Logs::LogGroup",
            "Condition": condition,
            # RestAPI stands for API and stage until SAM has made two of it: stage, log, role, API are no circle then.
            "Metadata": {"cfn-lint": {"config": {"ignore_checks": ["E3004"]}}},
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": text(f"/aws/apigateway/${{AWS::StackName}}-{ends[api]}"),
                "RetentionInDays": days,
                # The stage needs the log, and the log the account's role by this: no other property could say so of
                # something that need not be there.
                "Tags": [{"Key": "written-by", "Value": choose(ACCOUNT_ROLE, ref("ApiLogAccount"), "account")}],
            },
        }
        for api, (group, condition) in _GROUPS.items()
    }
    return {**groups, "ApiLogRole": _role(), "ApiLogAccount": _account()}


def wire(api: str, resource: Fragment) -> None:
    """Lets the stage of an API write its log."""
    group, condition = _GROUPS[api]
    # API Gateway wants the group without the `:*` that its attribute ends with.
    name = f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{group}}}"
    settings: dict[str, Any] = {"DestinationArn": text(name), "Format": line(path=api == "RestAPI")}
    resource["Properties"]["AccessLogSetting"] = choose(condition, settings)


def _role() -> Fragment:
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        **_kept("AWS::IAM::Role"),
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "ManagedPolicyArns": [text(_POLICY)],
        },
    }


def _account() -> Fragment:
    return {
        **_kept("AWS::ApiGateway::Account"),
        # In an account that never had an API there is nothing yet that could be told of a role.
        "DependsOn": ["RestAPI"],
        "Properties": {"CloudWatchRoleArn": attribute("ApiLogRole", "Arn")},
    }


def _kept(kind: str) -> Fragment:
    """It is the account's: other stacks write with it, also when this one is gone or was never complete."""
    return {"Type": kind, "Condition": ACCOUNT_ROLE, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
