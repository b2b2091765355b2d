"""Deployment: what is asked of CloudFormation, played against a stand-in that keeps stacks in memory."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError
from moto import mock_aws

from infra.aws import deploy, destroy, stack
from infra.aws.account import Account, DeploymentError, told
from infra.aws.package import Package

OUTPUTS = {
    "Runtime": "python3.13/arm64",
    "EndpointURL": "https://example.com/api/",
    "TableName": "vulpes-dev",
    "SiteBucket": "vulpes-dev-site",
}
EVENTS = [
    {"LogicalResourceId": "vulpes-dev", "ResourceStatus": "ROLLBACK_COMPLETE"},
    {
        "LogicalResourceId": "Media",
        "ResourceStatus": "CREATE_FAILED",
        "ResourceStatusReason": "Resource creation cancelled",
    },
    {
        "LogicalResourceId": "Files",
        "ResourceStatus": "CREATE_FAILED",
        "ResourceStatusReason": "the bucket exists already",
    },
    {"LogicalResourceId": "Table", "ResourceStatus": "CREATE_COMPLETE"},
]
CLIENTS = ("s3", "ssm", "dynamodb", "apigateway", "iam", "logs", "sqs")
FIRST = {"SiteUrl": "https://kitsu.example.com", "MailSender": "kitsu@example.com"}


class Mail:
    """What SES says of the account: nothing to credentials that may not ask."""

    def __init__(self, outside: bool | None = True) -> None:
        self.outside = outside
        self.known: set[str] = set()

    def get_account(self) -> dict[str, Any]:
        if self.outside is None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetAccount")
        return {"ProductionAccessEnabled": self.outside}

    def get_email_identity(self, EmailIdentity: str) -> dict[str, Any]:
        if EmailIdentity not in self.known:
            raise ClientError({"Error": {"Code": "NotFoundException"}}, "GetEmailIdentity")
        return {"VerifiedForSendingStatus": True}


class Functions:
    """What Lambda says of the account."""

    at_once = 1000

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": self.at_once}}


class CloudFormation:
    """Stacks in memory, as far as a deployment asks for them."""

    def __init__(self) -> None:
        self.stacks: dict[str, dict[str, Any]] = {}
        self.change: dict[str, Any] = {}
        self.refusal = ""
        self.breaks = False
        self.events: list[dict[str, str]] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        if StackName not in self.stacks:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        return {"Stacks": [self.stacks[StackName]]}

    def create_change_set(self, **change: Any) -> None:
        self.change = change

    def describe_change_set(self, **_: str) -> dict[str, str]:
        return {"StatusReason": self.refusal}

    def delete_change_set(self, **_: str) -> None:
        self.change = {}

    def execute_change_set(self, StackName: str, **_: str) -> None:
        self.stacks[StackName] = {
            "StackStatus": "CREATE_COMPLETE",
            "Parameters": self.change["Parameters"],
            "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()],
        }
        if self.breaks:
            self.stacks[StackName]["StackStatus"] = "ROLLBACK_COMPLETE"

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:
        return {"StackEvents": self.events}

    def delete_stack(self, StackName: str) -> None:
        del self.stacks[StackName]

    def get_waiter(self, name: str) -> "CloudFormation":
        self.waits_for = name
        return self

    def wait(self, **_: str) -> None:
        if self.refusal:
            raise WaiterError("change_set_create_complete", self.refusal, {})
        if self.breaks and self.waits_for == "stack_create_complete":
            raise WaiterError(self.waits_for, "terminal failure", {})


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        clients = {name: boto3.client(name, region_name="eu-west-1") for name in CLIENTS}
        clients["dynamodb"].create_table(
            TableName="vulpes-dev",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        fakes = {"cloudformation": CloudFormation(), "sesv2": Mail(), "functions": Functions()}
        yield Account("123456789012", "eu-west-1", **fakes, **clients)


@pytest.fixture
def small(tmp_path: Path) -> Package:
    """A package with one function and the parameters that matter."""
    function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./deployment.zip"}}
    asked: dict[str, Any] = {name: {"Type": "String"} for name in ("SiteUrl", "MailSender", "MailIdentity")}
    asked["TokenSecretsParameter"] = {"Type": "String", "Default": "/vulpes/dev/token-secrets"}
    layer = {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "./ffmpeg-layer.zip"}}
    resources = {"APIHandler": function, "FfmpegLayer": layer}
    written = {"Parameters": asked, "Resources": resources, "Outputs": {"Runtime": {"Value": OUTPUTS["Runtime"]}}}
    (tmp_path / "sam.json").write_text(json.dumps(written))
    (tmp_path / "deployment.zip").write_bytes(b"zip")
    (tmp_path / "ffmpeg-layer.zip").write_bytes(b"layer")
    return Package(tmp_path / "sam.json", tmp_path / "deployment.zip", tmp_path)


def answered(account: Account) -> dict[str, Any]:
    told = account.cloudformation.change["Parameters"]
    return {entry["ParameterKey"]: entry.get("ParameterValue", "as before") for entry in told}


def test_the_first_deployment_makes_the_stack_and_its_secret(account: Account, small: Package) -> None:
    outputs = deploy.deploy(account, small, "dev", FIRST)

    assert outputs == OUTPUTS
    assert account.cloudformation.change["ChangeSetType"] == "CREATE"
    assert answered(account) == {**FIRST, "MailIdentity": "kitsu@example.com"}
    secret = account.ssm.get_parameter(Name="/vulpes/dev/token-secrets", WithDecryption=True)["Parameter"]
    assert secret["Type"] == "SecureString"
    assert secret["Value"] not in str(account.cloudformation.change)


def test_the_code_is_uploaded_under_its_content(account: Account, small: Package) -> None:
    deploy.deploy(account, small, "dev", FIRST)

    address = account.cloudformation.change["TemplateURL"]
    uploaded = account.s3.get_object(Bucket=account.artifacts, Key=address.rsplit("/", 1)[1])["Body"].read()
    resources = json.loads(uploaded)["Resources"]
    place = resources["APIHandler"]["Properties"]["CodeUri"]
    assert account.s3.get_object(**place)["Body"].read() == b"zip"
    place = resources["FfmpegLayer"]["Properties"]["ContentUri"]
    there = account.s3.get_object(**place)
    assert there["Body"].read() == b"layer"
    # What is there is not sent again.
    deploy.deploy(account, small, "dev", FIRST)
    assert account.s3.head_object(**place)["LastModified"] == there["LastModified"]


def test_an_update_keeps_what_it_is_not_told(account: Account, small: Package) -> None:
    deploy.deploy(account, small, "dev", FIRST)
    deploy.deploy(account, small, "dev", {"SiteUrl": "https://new.example.com"})

    assert account.cloudformation.change["ChangeSetType"] == "UPDATE"
    assert answered(account) == {
        "SiteUrl": "https://new.example.com",
        "MailSender": "as before",
        "MailIdentity": "as before",
    }


def test_a_secret_that_is_there_stays(account: Account, small: Package) -> None:
    account.ssm.put_parameter(Name="/vulpes/dev/token-secrets", Value="ours", Type="SecureString")

    deploy.deploy(account, small, "dev", FIRST)

    kept = account.ssm.get_parameter(Name="/vulpes/dev/token-secrets", WithDecryption=True)
    assert kept["Parameter"]["Value"] == "ours"


@pytest.mark.parametrize(("outside", "hint"), [(True, ""), (False, deploy.SANDBOX), (None, "")])
def test_the_sandbox_of_mail_is_told(account: Account, outside: bool | None, hint: str) -> None:
    assert deploy.sandbox(replace(account, sesv2=Mail(outside))) == hint


def test_nothing_to_change_is_no_failure(account: Account, small: Package) -> None:
    deploy.deploy(account, small, "dev", FIRST)
    account.cloudformation.refusal = "The submitted information didn't contain changes."

    assert deploy.deploy(account, small, "dev", {}) == OUTPUTS


def test_a_refused_change_says_why(account: Account, small: Package) -> None:
    account.cloudformation.refusal = "Template format error"

    with pytest.raises(DeploymentError, match="Template format error"):
        deploy.deploy(account, small, "dev", FIRST)


def with_parameters(made: Package, **declared: dict[str, Any]) -> Package:
    body = json.loads(made.template.read_text())
    body["Parameters"] |= declared
    made.template.write_text(json.dumps(body))
    return made


LOGS = {"AccessLogs": {"Type": "String", "Default": "api"}, "MakesLogRole": {"Type": "String", "Default": "no"}}


def test_an_account_without_a_role_to_write_logs_with_gets_one_from_its_first_stack(
    account: Account, small: Package
) -> None:
    deploy.deploy(account, with_parameters(small, **LOGS), "dev", FIRST)
    assert answered(account)["MakesLogRole"] == "yes"

    role = {"RoleName": "logs", "AssumeRolePolicyDocument": "{}"}
    use_role(account, account.iam.create_role(**role)["Role"]["Arn"])
    deploy.deploy(account, small, "dev", {})
    assert answered(account)["MakesLogRole"] == "as before"
    account.cloudformation.stacks.clear()
    deploy.deploy(account, small, "dev", FIRST)
    assert "MakesLogRole" not in answered(account)

    # Another stack made it, and somebody removed it since: API Gateway names it all the same.
    account.iam.delete_role(RoleName="logs")
    deploy.deploy(account, small, "dev", {})
    assert answered(account)["MakesLogRole"] == "yes"
    # It cannot be made twice by one stack.
    with pytest.raises(DeploymentError, match="Deploy once with"):
        deploy.deploy(account, small, "dev", {})
    deploy.deploy(account, small, "dev", {"MakesLogRole": "no", "AccessLogs": "none"})
    assert answered(account)["MakesLogRole"] == "no"


def use_role(account: Account, arn: str) -> None:
    account.apigateway.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}])


def test_an_identity_that_ses_knows_is_not_made_again(account: Account, small: Package) -> None:
    with_parameters(small, MailIdentityExists={"Type": "String", "Default": "no"})
    account.sesv2.known.add("kitsu@example.com")
    deploy.deploy(account, small, "dev", FIRST)
    assert answered(account)["MailIdentityExists"] == "yes"
    # From then on it is what the stack was told.
    deploy.deploy(account, small, "dev", {})
    assert answered(account)["MailIdentityExists"] == "as before"

    account.cloudformation.stacks.clear()
    deploy.deploy(account, small, "dev", {**FIRST, "MailSender": "other@example.com"})
    assert "MailIdentityExists" not in answered(account)
    # A domain that is verified stands for all its addresses.
    account.sesv2.known.add("example.com")
    account.cloudformation.stacks.clear()
    deploy.deploy(account, small, "dev", {**FIRST, "MailSender": "other@example.com"})
    assert (answered(account)["MailIdentityExists"], answered(account)["MailIdentity"]) == ("yes", "example.com")


def test_missing_and_unknown_parameters_are_named(account: Account, small: Package) -> None:
    with pytest.raises(DeploymentError, match="has to say MailSender, MailIdentity"):
        deploy.deploy(account, small, "dev", {"SiteUrl": "https://kitsu.example.com"})
    with pytest.raises(DeploymentError, match="no parameter Colour"):
        deploy.deploy(account, small, "dev", {**FIRST, "Colour": "red"})


def test_the_table_is_protected_when_it_is_there_for_good(account: Account, small: Package) -> None:
    deploy.deploy(account, small, "dev", FIRST)

    assert account.dynamodb.describe_table(TableName="vulpes-dev")["Table"]["DeletionProtectionEnabled"] is True


def test_a_secret_that_is_missing_is_made_by_any_deployment(account: Account, small: Package) -> None:
    deploy.deploy(account, small, "dev", {**FIRST, "TokenSecretsParameter": "/studio/secrets"})
    account.ssm.delete_parameter(Name="/studio/secrets")
    deploy.deploy(account, small, "dev", {})

    assert account.ssm.get_parameter(Name="/studio/secrets")["Parameter"]["Type"] == "SecureString"


def test_a_first_deployment_that_failed_says_why_and_can_be_repeated(
    account: Account, small: Package, capsys: pytest.CaptureFixture[str]
) -> None:
    account.cloudformation.events = EVENTS
    account.cloudformation.breaks = True
    with pytest.raises(DeploymentError, match="the bucket exists already") as failure:
        deploy.deploy(account, small, "dev", FIRST)
    assert "cancelled" not in str(failure.value)

    account.cloudformation.breaks = False
    assert deploy.deploy(account, small, "dev", FIRST) == OUTPUTS
    assert account.cloudformation.change["ChangeSetType"] == "CREATE"
    assert "Files (CREATE_FAILED): the bucket exists already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "said"),
    [("UPDATE_IN_PROGRESS", "wait until that is done"), ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback")],
)
def test_a_stack_that_cannot_be_changed_now_says_so(account: Account, small: Package, status: str, said: str) -> None:
    account.cloudformation.stacks["vulpes-dev"] = {"StackStatus": status}

    with pytest.raises(DeploymentError, match=said):
        deploy.deploy(account, small, "dev", FIRST)


def test_layers_of_another_runtime_are_refused_before_anything_changes(account: Account, small: Package) -> None:
    body = json.loads(small.template.read_text())
    body["Parameters"]["SamlLayerArn"] = {"Type": "String", "Default": ""}
    small.template.write_text(json.dumps(body))
    deploy.deploy(account, small, "dev", FIRST | {"SamlLayerArn": "arn:aws:lambda:eu-west-1:1:layer:saml:1"})
    body["Outputs"]["Runtime"]["Value"] = "python3.14/arm64"
    small.template.write_text(json.dumps(body))

    with pytest.raises(DeploymentError, match=r"runs python3\.13/arm64.* python3\.14/arm64.*SamlLayerArn=…"):
        deploy.deploy(account, small, "dev", {})
    assert deploy.deploy(account, small, "dev", {"SamlLayerArn": ""}) == OUTPUTS


def test_what_aws_refuses_is_a_sentence_with_advice() -> None:
    refused = ClientError(
        {"Error": {"Code": "AccessDenied", "Message": "not authorized to perform s3:PutObject."}}, "PutObject"
    )
    strange = ClientError({"Error": {"Code": "Odd", "Message": "Something odd"}}, "CreateChangeSet")

    assert told(refused) == (
        "AWS refuses PutObject: not authorized to perform s3:PutObject. "
        "Your credentials may not do that: use others, or have the action allowed."
    )
    assert told(strange) == "AWS refuses CreateChangeSet: Something odd"


def test_a_stack_is_removed_and_what_stays_is_told(account: Account, small: Package) -> None:
    account.s3.create_bucket(
        Bucket=OUTPUTS["SiteBucket"], CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    account.s3.put_object(Bucket=OUTPUTS["SiteBucket"], Key="index.html", Body=b"page")
    for queue in ("vulpes-dev-live-sTqPd3b1", "vulpes-dev2-live-sTqPd3b1"):
        account.sqs.create_queue(QueueName=queue)
    deploy.deploy(account, small, "dev", FIRST)

    stays = destroy.destroy(account, "vulpes-dev")

    (another,) = account.sqs.list_queues()["QueueUrls"]
    assert another.endswith("/vulpes-dev2-live-sTqPd3b1")
    assert "the table vulpes-dev" in stays
    assert stack.find(account, "vulpes-dev") == {}
    assert "Contents" not in account.s3.list_objects_v2(Bucket=OUTPUTS["SiteBucket"])
    with pytest.raises(DeploymentError, match="there is no stack"):
        destroy.destroy(account, "vulpes-dev")


def test_without_an_account_it_says_what_it_needs(root: Path, tmp_path: Path) -> None:
    nobody = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}

    told = subprocess.run(
        [sys.executable, "-m", "infra.aws.deploy", "--stage", "dev"],
        check=False,
        capture_output=True,
        text=True,
        cwd=root,
        env={**nobody, "AWS_DEFAULT_REGION": "eu-west-1"},
    )

    assert told.returncode == 1
    assert "credentials that boto3 finds" in told.stderr
    assert "Traceback" not in told.stderr
