"""What each function may do: what it needs, on the resources of its stack, and nothing else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.domain.files import orphans
from chalicelib.media.keys import IMPORTS
from infra.aws import live

# AWS knows no exact name for a log stream, the label of a table's stream or the key of an object yet to come. Of mails
# it asks in the sandbox whether the recipient's identity may be used as well.
OPEN_ENDS = (
    re.compile(r".*:log-group:/aws/lambda/\$\{AWS::StackName\}-[a-z-]+:\*"),
    re.compile(r".*:table/\$\{TableName\}/stream/\*"),
    re.compile(r"\$\{Files\.Arn\}/[a-z]+/\*"),
    re.compile(r"arn:.*:sqs:.*:\$\{AWS::StackName\}-live-\*"),
    re.compile(r"arn:.*:ses:.*:identity/\*"),
)


def statements(template: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """What a role may do always; traces: test_tracing.py."""
    (policy,) = (one for one in template["Resources"][role]["Properties"]["Policies"] if "PolicyDocument" in one)
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def actions(template: dict[str, Any], role: str) -> set[str]:
    return {action for statement in statements(template, role) for action in statement["Action"]}


def roles(template: dict[str, Any]) -> Iterator[str]:
    """Those of the functions and of the polls of live events; the third sort is that of the account's API Gateway."""
    found = (name for name, what in template["Resources"].items() if what["Type"] == "AWS::IAM::Role")
    return (name for name in found if name != "ApiLogRole")


def test_every_function_has_a_role_of_its_own(functions: dict[str, Any]) -> None:
    taken = [properties["Role"]["Fn::GetAtt"][0] for properties in functions.values()]

    assert sorted(taken) == [
        "ApiHandlerRole",
        "AuditRole",
        "CarryEventsRole",
        "DeliverRole",
        "LookAfterLiveRole",
        "MailFeedbackRole",
        "MediaRole",
        "SweepRole",
    ]


def test_actions_are_named_one_by_one(template: dict[str, Any]) -> None:
    for role in roles(template):
        assert not [action for action in actions(template, role) if "*" in action]


def test_resources_are_those_of_the_stack(template: dict[str, Any]) -> None:
    for role in roles(template):
        for statement in statements(template, role):
            for resource in statement["Resource"]:
                (told,) = resource.values()
                assert resource.keys() <= {"Fn::Sub", "Fn::GetAtt"}
                assert "*" not in told or any(shape.fullmatch(told) for shape in OPEN_ENDS), told


def test_the_gateway_writes_logs_with_the_policy_that_aws_has_for_it(template: dict[str, Any]) -> None:
    role = template["Resources"]["ApiLogRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]

    assert role.keys() == {"AssumeRolePolicyDocument", "ManagedPolicyArns"}
    assert trust["Principal"] == {"Service": "apigateway.amazonaws.com"}
    assert [policy["Fn::Sub"].rpartition("/")[2] for policy in role["ManagedPolicyArns"]] == [
        "AmazonAPIGatewayPushToCloudWatchLogs"
    ]


def test_only_the_api_reads_the_token_secrets(template: dict[str, Any]) -> None:
    readers = {role for role in roles(template) if "ssm:GetParameter" in actions(template, role)}

    assert readers == {"ApiHandlerRole"}


def test_a_queue_is_emptied_by_its_function_alone(template: dict[str, Any]) -> None:
    takers = {
        role: one["Resource"]
        for role in roles(template)
        for one in statements(template, role)
        if "sqs:ReceiveMessage" in one["Action"]
    }

    assert takers == {
        "MediaRole": [{"Fn::GetAtt": ["MediaQueue", "Arn"]}],
        "DeliverRole": [{"Fn::GetAtt": ["OutboxQueue", "Arn"]}],
        "LivePollRole": [{"Fn::Sub": live.QUEUE_ARNS}],
    }


def test_polls_of_live_events_reach_no_other_queue(template: dict[str, Any]) -> None:
    (receive,) = statements(template, "LivePollRole")

    assert receive["Action"] == ["sqs:ReceiveMessage"]
    others = [what for what in template["Resources"].values() if what["Type"] == "AWS::SQS::Queue"]
    # CloudFormation names them: after the stack's name comes theirs in the template, which never begins so.
    assert not [what for what in others if "QueueName" in what["Properties"]]
    assert not [name for name in template["Resources"] if name.lower().startswith("live-")]


def test_who_makes_and_fills_the_queues_of_live_events(template: dict[str, Any]) -> None:
    def may(action: str) -> set[str]:
        queues = {"Fn::Sub": live.QUEUE_ARNS}
        return {
            role
            for role in roles(template)
            for one in statements(template, role)
            if action in one["Action"] and queues in one["Resource"]
        }

    assert may("sqs:CreateQueue") == {"ApiHandlerRole"}
    assert may("sqs:SendMessage") == {"ApiHandlerRole", "CarryEventsRole", "LookAfterLiveRole"}
    assert may("sqs:DeleteQueue") == {"ApiHandlerRole", "LookAfterLiveRole"}


def test_who_writes_to_other_servers_reads_no_files_and_sends_no_mail(template: dict[str, Any]) -> None:
    """What is sent to it could mean harm; what it may do is small."""
    allowed = {action.partition(":")[0] for action in actions(template, "DeliverRole")}

    assert allowed == {"logs", "dynamodb", "sqs"}


def test_mails_go_out_as_the_sender_alone_to_whatever_identity_is_verified(template: dict[str, Any]) -> None:
    mailing = {
        role: one
        for role in roles(template)
        for one in statements(template, role)
        if any(action.startswith("ses:") for action in one["Action"])
    }

    assert mailing.keys() == {"ApiHandlerRole", "CarryEventsRole", "SweepRole"}
    account = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
    for one in mailing.values():
        assert one["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "MailSender"}}}
        assert one["Resource"] == [
            {"Fn::Sub": f"{account}:identity/*"},
            {"Fn::Sub": f"{account}:configuration-set/${{AWS::StackName}}-mail"},
        ]


def test_nobody_scans_the_table(template: dict[str, Any]) -> None:
    for role in roles(template):
        assert "dynamodb:Scan" not in actions(template, role)


def test_the_packaged_policies_are_the_ones_in_the_repository(root: Path, template: dict[str, Any]) -> None:
    kept = json.loads((root / ".chalice" / "policy-media.json").read_text())

    assert statements(template, "MediaRole") == kept["Statement"]


def test_the_sweep_may_clear_away_whatever_it_looks_through(template: dict[str, Any]) -> None:
    """And the API may write it; who takes in the rest of an import may read that."""

    def folders(role: str) -> set[str]:
        told = [
            resource["Fn::Sub"]
            for one in statements(template, role)
            if "s3:DeleteObject" in one["Action"]
            for resource in one["Resource"]
        ]
        return {name.removeprefix("${Files.Arn}/").removesuffix("*") for name in told}

    assert set(orphans.FOLDERS) <= folders("SweepRole")
    assert set(orphans.FOLDERS) <= folders("ApiHandlerRole")
    assert IMPORTS in folders("MediaRole")
