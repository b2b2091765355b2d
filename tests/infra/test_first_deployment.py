"""A first deployment, by somebody who may do everything, into an account that holds nothing: what AWS would refuse.

No account is asked. Each test holds a limit or a rule of AWS against the template as CloudFormation expands it, or
against what the deployment asks before.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.aws import environment, preflight, stack
from infra.aws.account import DeploymentError
from infra.aws.package import Package
from tests.infra.test_deploy import FIRST, OUTPUTS, Account, account, answered, small, with_parameters

Template = dict[str, Any]
__all__ = ["account", "small"]
# The longest that these can be: a stage of this name, in the region with the longest one.
LONGEST = {"AWS::StackName": "vulpes-prod", "AWS::Region": "ap-southeast-2", "AWS::AccountId": "123456789012"}
LIMITS = {
    ("AWS::Lambda::Function", "FunctionName"): 64,
    ("AWS::Lambda::LayerVersion", "LayerName"): 140,
    ("AWS::IAM::Role", "RoleName"): 64,
    ("AWS::S3::Bucket", "BucketName"): 63,
    ("AWS::CloudFront::Function", "Name"): 64,
    ("AWS::SES::ConfigurationSet", "Name"): 64,
    ("AWS::Logs::LogGroup", "LogGroupName"): 512,
    ("AWS::CloudFront::OriginAccessControl", "OriginAccessControlConfig.Name"): 64,
    ("AWS::CloudFront::OriginRequestPolicy", "OriginRequestPolicyConfig.Name"): 128,
    ("AWS::CloudFront::ResponseHeadersPolicy", "ResponseHeadersPolicyConfig.Name"): 128,
}
# Lambda's own (its documentation: reserved environment variables).
RESERVED = re.compile(r"AWS_.*|_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_.*")
# What an account takes that was opened today.
MEMORY_OF_NEW_ACCOUNTS = 3008


def of_type(expanded: Template, kind: str) -> Iterator[tuple[str, Template]]:
    return ((name, what) for name, what in expanded["Resources"].items() if what["Type"] == kind)


def filled(told: Any) -> str:
    text = told["Fn::Sub"] if isinstance(told, dict) else told
    return re.sub(r"\$\{([^}]+)\}", lambda found: LONGEST[found[1]], text)


def test_names_are_short_enough_and_of_letters_that_are_taken(expanded: Template) -> None:
    checked = set()
    for (kind, where), limit in LIMITS.items():
        for _, resource in of_type(expanded, kind):
            value = resource.get("Properties", {})
            for part in where.split("."):
                value = value.get(part, {})
            if value:
                checked.add(kind)
                assert len(filled(value)) <= limit, filled(value)
                if kind == "AWS::S3::Bucket":
                    assert re.fullmatch(r"[a-z0-9.-]{3,63}", filled(value))
    assert len(checked) == len(LIMITS) - 1, "roles are named by CloudFormation, else it takes another capability"


def test_the_capabilities_that_are_given_are_enough(expanded: Template) -> None:
    """CAPABILITY_IAM lets a stack make roles and policies whose names CloudFormation chooses."""
    assert "CAPABILITY_IAM" in stack.CAPABILITIES
    for kind, name in (("Role", "RoleName"), ("ManagedPolicy", "ManagedPolicyName"), ("User", "UserName")):
        for _, resource in of_type(expanded, f"AWS::IAM::{kind}"):
            assert name not in resource["Properties"]


def test_the_policies_of_a_role_are_short_enough(expanded: Template) -> None:
    assert not list(of_type(expanded, "AWS::IAM::Policy"))
    for name, role in of_type(expanded, "AWS::IAM::Role"):
        mine = role["Properties"].get("Policies", [])
        # AWS takes 10,240 without white space; names that are filled in are not much longer than their references.
        assert len(json.dumps(mine, separators=(",", ":"))) < 9000, name


def test_functions_fit_a_new_account(expanded: Template) -> None:
    for name, function in of_type(expanded, "AWS::Lambda::Function"):
        properties = function["Properties"]
        assert properties["MemorySize"] <= MEMORY_OF_NEW_ACCOUNTS, name
        # Of ten at a time nothing can be reserved: a hundred have to be left unreserved.
        assert "ReservedConcurrentExecutions" not in properties, name
        assert not [one for one in properties["Environment"]["Variables"] if RESERVED.fullmatch(one)], name
    assert not [name for name, what in of_type(expanded, "AWS::Lambda::Alias") if "Provisioned" in json.dumps(what)]


def test_logs_are_there_before_who_writes_them(expanded: Template) -> None:
    logs = {filled(what["Properties"]["LogGroupName"]): name for name, what in of_type(expanded, "AWS::Logs::LogGroup")}
    for _, function in of_type(expanded, "AWS::Lambda::Function"):
        log = logs[f"/aws/lambda/{filled(function['Properties']['FunctionName'])}"]
        assert log in function["DependsOn"]
    # And nobody makes them again when the stack is gone, where they would stand in the way of the next one.
    for _, role in of_type(expanded, "AWS::IAM::Role"):
        assert "logs:CreateLogGroup" not in json.dumps(role)


def test_the_bucket_may_tell_the_queue_before_it_is_told_to(expanded: Template) -> None:
    files = expanded["Resources"]["Files"]
    (told,) = files["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    policy = expanded["Resources"]["MediaQueuePolicy"]["Properties"]

    assert "MediaQueuePolicy" in files["DependsOn"]
    assert policy["Queues"] == [{"Ref": told["Queue"]["Fn::GetAtt"][0]}]
    # By its name: a reference to the bucket would be a circle.
    assert "Files" not in re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', json.dumps(policy))


def test_roles_of_event_sources_may_what_aws_looks_for_when_they_are_made(expanded: Template) -> None:
    def allowed(function: str) -> set[str]:
        role = expanded["Resources"][function]["Properties"]["Role"]["Fn::GetAtt"][0]
        policy = expanded["Resources"][role]["Properties"]["Policies"][0]
        return {action for one in policy["PolicyDocument"]["Statement"] for action in one["Action"]}

    queues = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    streams = {f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")}
    for name, source in of_type(expanded, "AWS::Lambda::EventSourceMapping"):
        properties = source["Properties"]
        needed = queues if properties["EventSourceArn"].get("Fn::GetAtt", ["", ""])[0].endswith("Queue") else streams
        needed = needed | ({"sqs:SendMessage"} if "DestinationConfig" in properties else set())
        assert needed <= allowed(properties["FunctionName"]["Ref"]), name
    for name, function in of_type(expanded, "AWS::Lambda::Function"):
        assert "DeadLetterConfig" not in function["Properties"] or "sqs:SendMessage" in allowed(name)


def needs(expanded: Template, name: str) -> set[str]:
    """What CloudFormation makes before a resource: all that it names."""
    told = json.dumps({key: value for key, value in expanded["Resources"][name].items() if key != "Condition"})
    return {other for other in expanded["Resources"] if re.search(rf'"{other}"|\$\{{{other}[.}}]', told)} - {name}


def test_nothing_waits_for_itself(expanded: Template) -> None:
    waits = {name: needs(expanded, name) for name in expanded["Resources"]}
    while ready := [name for name, others in waits.items() if not others]:
        waits = {name: others.difference(ready) for name, others in waits.items() if name not in ready}

    assert waits == {}


def test_stages_come_after_the_role_that_writes_their_logs(expanded: Template) -> None:
    for _, api in of_type(expanded, "AWS::ApiGateway::Stage"):
        group = api["Properties"]["AccessLogSetting"]["Fn::If"][1]["DestinationArn"]["Fn::Sub"].rpartition("${")[2][:-1]
        assert "ApiLogAccount" in needs(expanded, group)
    # In an account that never had an API, API Gateway takes no role before there is one (AWS::ApiGateway::Account).
    assert expanded["Resources"]["ApiLogAccount"]["DependsOn"] == ["RestAPI"]
    assert expanded["Resources"]["RestAPI"]["Type"] == "AWS::ApiGateway::RestApi"


ARNS = {
    "SiteCertificateArn": ("arn:aws:acm:us-east-1:1:certificate/1", "arn:aws:acm:us-east-1:123456789012:certificate/a"),
    "WebAclArn": (
        "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/studio/1",
        "arn:aws:wafv2:us-east-1:123456789012:global/webacl/studio/1",
    ),
    "FfmpegLayerArn": (
        "arn:aws:lambda:eu-central-1:123456789012:layer:ffmpeg",
        "arn:aws:lambda:eu-central-1:123456789012:layer:ffmpeg:3",
    ),
    "SamlLayerArn": ("vulpes-saml", "arn:aws:lambda:eu-central-1:123456789012:layer:vulpes-saml:1"),
    "AlarmTopicArn": ("alarms@example.com", "arn:aws:sns:eu-central-1:123456789012:vulpes-alarms"),
    "TableStreamArn": (
        "arn:aws:dynamodb:eu-central-1:123456789012:table/vulpes-prod",
        "arn:aws:dynamodb:eu-central-1:123456789012:table/vulpes-prod/stream/2026-11-27T09:00:00.000",
    ),
}


def test_what_is_no_arn_of_its_kind_is_refused_before_anything_is_made(template: Template) -> None:
    assert ARNS.keys() == {name for name in template["Parameters"] if name.endswith("Arn")}
    for name, (wrong, right) in ARNS.items():
        pattern = template["Parameters"][name]["AllowedPattern"]
        assert re.fullmatch(pattern, right), name
        assert re.fullmatch(pattern, ""), name
        assert not re.fullmatch(pattern, wrong), name
    domain = template["Parameters"]["SiteDomain"]["AllowedPattern"]
    assert [bool(re.fullmatch(domain, told)) for told in ("", "kitsu.example.com", "https://kitsu.example.com")] == [
        True,
        True,
        False,
    ]


def test_an_environment_that_lambda_would_not_take_is_refused_with_its_longest_parts(packaged: Package) -> None:
    body = json.loads(packaged.template.read_text())
    usual = {
        "MailSender": "kitsu@studio.example.com",
        "SamlIdpEntityId": "https://sts.windows.net/6f1b0f3e-3d6c-4b7e-9a53-0c0d8f1e5b7a/",
        "SamlSignInUrl": "https://login.microsoftonline.com/6f1b0f3e-3d6c-4b7e-9a53-0c0d8f1e5b7a/saml2",
        "SamlCertificates": ",".join(["M" * 1300] * 2),
    }

    environment.refuse_too_large(body, usual)
    with pytest.raises(DeploymentError, match=r"APIHandler would have .* bytes") as failure:
        environment.refuse_too_large(body, {**usual, "SamlCertificates": ",".join(["M" * 1900] * 2)})
    assert "Lambda takes 4096" in str(failure.value)
    assert "are SamlCertificates, " in str(failure.value)


def test_what_a_stage_left_behind_is_named_with_what_to_do(account: Account, small: Package) -> None:
    body = json.loads(small.template.read_text())
    name = "vulpes-dev-files-123456789012"

    preflight.refuse(account, "vulpes-dev", body, {}, new=True)
    place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    account.s3.create_bucket(Bucket=name, **place)
    with pytest.raises(DeploymentError, match=f"a bucket {name} already"):
        preflight.refuse(account, "vulpes-dev", body, {}, new=True)
    # Of a stack that is there, it is its own.
    preflight.refuse(account, "vulpes-dev", body, {}, new=False)
    account.s3.delete_bucket(Bucket=name)

    with pytest.raises(DeploymentError, match="a table vulpes-dev already") as failure:
        preflight.refuse(account, "vulpes-dev", body, {"TableName": "vulpes-dev"}, new=True)
    assert 'PARAMETERS="TableStreamArn=' in str(failure.value)
    preflight.refuse(account, "vulpes-dev", body, {"TableName": "vulpes-dev", "TableStreamArn": "arn:…"}, new=True)

    account.logs.create_log_group(logGroupName="/aws/lambda/vulpes-dev-api")
    with pytest.raises(DeploymentError, match="delete-log-group --log-group-name /aws/lambda/vulpes-dev-api"):
        preflight.refuse(account, "vulpes-dev", body, {}, new=True)


def test_an_account_that_runs_ten_functions_at_a_time_is_left_to_people(account: Account, small: Package) -> None:
    from infra.aws import deploy

    with_parameters(small, WorkAtOnce={"Type": "Number", "Default": 20})
    account.functions.at_once = 10
    assert deploy.deploy(account, small, "dev", FIRST) == OUTPUTS
    assert answered(account)["WorkAtOnce"] == "2"
    assert "this account runs 10 functions at a time" in preflight.advice(account)

    account.functions.at_once = 1000
    deploy.deploy(account, small, "dev", {"WorkAtOnce": "20"})
    assert answered(account)["WorkAtOnce"] == "20"
    assert preflight.advice(account) == ""
    account.cloudformation.stacks.clear()
    deploy.deploy(account, small, "dev", FIRST)
    assert "WorkAtOnce" not in answered(account)


def test_what_a_new_account_is_not_ready_for_comes_with_advice(account: Account) -> None:
    refused = "Your account must be verified before you can add new CloudFront resources."
    account.cloudformation.events = [
        {"LogicalResourceId": name, "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": reason}
        for name, reason in (("Distribution", refused), ("Table", "Something else"))
    ]

    told = stack.failures(account, "vulpes-dev")

    assert "What to do: AWS looks at a new account before it makes distributions" in told
    assert told.startswith("  Table (CREATE_FAILED): Something else\n  Distribution")
    assert "What to do" not in told.partition("Distribution")[0]


def test_the_policies_of_the_distributions_keep_their_quotas(expanded: Template) -> None:
    policies = [what["Properties"] for _, what in of_type(expanded, "AWS::CloudFront::OriginRequestPolicy")]
    for one in policies:
        assert len(one["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]) <= 10
    # Twenty of each in an account; stages share them.
    assert len(policies) + len(list(of_type(expanded, "AWS::CloudFront::ResponseHeadersPolicy"))) <= 5
    for _, what in of_type(expanded, "AWS::CloudFront::Distribution"):
        for origin in what["Properties"]["DistributionConfig"]["Origins"]:
            custom = origin.get("CustomOriginConfig", {})
            assert custom.get("OriginReadTimeout", 30) <= 60
            assert custom.get("OriginKeepaliveTimeout", 5) <= 60
            # CloudFront sets none of its own names.
            for header in origin.get("OriginCustomHeaders", ()):
                assert not header["HeaderName"].lower().startswith(("x-amz-", "x-edge-"))


def test_the_package_fits_the_upload_of_a_function(packaged: Package) -> None:
    """From a bucket: 250 MB unpacked with its layers, which packaging checks; the zip itself may be any size."""
    assert Path(packaged.archive).stat().st_size < 50_000_000
