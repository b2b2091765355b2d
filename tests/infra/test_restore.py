"""Going back in time: the records of a stage as they were, by one command that can be called again."""

import datetime
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from infra.aws import resources, runtime
from infra.aws.account import Account
from infra.aws.restore import Restore, RestoreError, moment

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
TARGET = f"vulpes-prod-{NOW:%Y%m%dT%H%M%SZ}"


class CloudFormation:
    """One stack, as far as a restore asks for it."""

    def __init__(self) -> None:
        self.parameters = {"TableName": "vulpes-prod", "SiteUrl": "https://kitsu.example.com"}
        self.updates: list[dict[str, Any]] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        if StackName != "vulpes-prod":
            told = {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}
            raise ClientError({"Error": told}, "DescribeStacks")
        told = [{"ParameterKey": name, "ParameterValue": value} for name, value in self.parameters.items()]
        return {"Stacks": [{"StackStatus": "UPDATE_COMPLETE", "Parameters": told}]}

    def update_stack(self, **update: Any) -> None:
        self.updates.append(update)
        for entry in update["Parameters"]:
            if "ParameterValue" in entry:
                self.parameters[entry["ParameterKey"]] = entry["ParameterValue"]

    def get_waiter(self, name: str) -> "CloudFormation":
        assert name == "stack_update_complete"
        return self

    def wait(self, StackName: str) -> None:
        assert StackName == "vulpes-prod"


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        declared = resources.resources(14, site_url={}, runtime=runtime.LAMBDA)["Table"]["Properties"]
        wanted = ("AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes", "BillingMode", "StreamSpecification")
        made = {name: declared[name] for name in wanted}
        made["StreamSpecification"] = {**made["StreamSpecification"], "StreamEnabled": True}
        client.create_table(TableName="vulpes-prod", **made)
        recovery = {"PointInTimeRecoveryEnabled": True}
        client.update_continuous_backups(TableName="vulpes-prod", PointInTimeRecoverySpecification=recovery)
        client.put_item(TableName="vulpes-prod", Item={"pk": {"S": "studio#person"}, "sk": {"S": "ada"}})
        can_go_back_a_month("vulpes-prod")
        yield client


def can_go_back_a_month(table: str) -> None:
    """moto lets a table go back to the moment alone at which recovery was switched on."""
    backend: Any = dynamodb_backends["123456789012"]["eu-west-1"]
    window = backend.tables[table].continuous_backups["PointInTimeRecoveryDescription"]
    window["EarliestRestorableDateTime"] = (NOW - datetime.timedelta(days=35)).timestamp()
    window["LatestRestorableDateTime"] = (NOW + datetime.timedelta(minutes=1)).timestamp()


def account_with(dynamodb: Any, cloudformation: CloudFormation) -> Account:
    others = dict.fromkeys(("s3", "ssm", "sesv2", "apigateway", "iam", "logs", "sqs", "functions"))
    return Account("123456789012", "eu-west-1", dynamodb=dynamodb, cloudformation=cloudformation, **others)


@pytest.fixture
def account(dynamodb: Any) -> Account:
    return account_with(dynamodb, CloudFormation())


@pytest.fixture
def restore(account: Account) -> Restore:
    return Restore.of(account, "prod", NOW)


def states(dynamodb: Any, table: str) -> dict[str, Any]:
    described = dynamodb.describe_table(TableName=table)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    expiry = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    return {
        "stream": described.get("StreamSpecification"),
        "protected": described.get("DeletionProtectionEnabled"),
        "recovery": backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "expiry": expiry,
    }


def test_a_drill_touches_nothing_that_people_use(restore: Restore, dynamodb: Any) -> None:
    told: list[str] = []
    assert restore.run(switch=False, tell=told.append) == TARGET
    assert dynamodb.scan(TableName=TARGET)["Count"] == 1
    assert states(dynamodb, TARGET) == {
        "stream": dynamodb.describe_table(TableName="vulpes-prod")["Table"]["StreamSpecification"],
        "protected": True,
        "recovery": "ENABLED",
        "expiry": {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"},
    }
    assert restore.account.cloudformation.updates == []
    assert "goes on with vulpes-prod" in told[-1]


def test_the_stage_changes_over_where_it_is_told_to(restore: Restore, dynamodb: Any) -> None:
    restore.run(switch=True, tell=lambda line: None)
    stream = dynamodb.describe_table(TableName=TARGET)["Table"]["LatestStreamArn"]
    expected = {"TableName": TARGET, "TableStreamArn": stream, "SiteUrl": "https://kitsu.example.com"}
    assert restore.account.cloudformation.parameters == expected
    (update,) = restore.account.cloudformation.updates
    assert update["UsePreviousTemplate"] is True
    told: list[str] = []
    Restore.of(restore.account, "prod", NOW).run(switch=True, tell=told.append)
    assert told == [f"vulpes-prod uses {TARGET} already."]


@pytest.mark.parametrize("step", ["_wait", "_stream", "_expiry", "_protect", "_recovery", "_switch"])
def test_it_goes_on_where_it_was_cut_off(restore: Restore, dynamodb: Any, step: str) -> None:
    class CutOff(Exception):
        pass

    class Breaking(Restore):
        pass

    def broken(self: Restore) -> bool:
        raise CutOff

    setattr(Breaking, step, broken)
    breaking = Breaking.of(restore.account, "prod", NOW)
    with pytest.raises(CutOff):
        breaking.run(switch=True, tell=lambda line: None)
    restore.run(switch=True, tell=lambda line: None)
    assert restore.account.cloudformation.parameters["TableName"] == TARGET
    assert states(dynamodb, TARGET)["protected"] is True


def test_a_second_restore_is_named_by_its_own_moment(restore: Restore, dynamodb: Any) -> None:
    restore.run(switch=True, tell=lambda line: None)
    can_go_back_a_month(TARGET)
    later = Restore.of(restore.account, "prod", NOW + datetime.timedelta(seconds=1))
    assert later.source == TARGET
    assert later.target == f"vulpes-prod-{NOW + datetime.timedelta(seconds=1):%Y%m%dT%H%M%SZ}"


def test_what_cannot_be_is_said_in_words(dynamodb: Any) -> None:
    cloudformation = CloudFormation()
    with pytest.raises(RestoreError, match="no stack vulpes-dev"):
        Restore.of(account_with(dynamodb, cloudformation), "dev", NOW).run(switch=False, tell=lambda line: None)
    long_ago = NOW - datetime.timedelta(days=40)
    with pytest.raises(RestoreError, match="can go back to between"):
        Restore.of(account_with(dynamodb, cloudformation), "prod", long_ago).run(switch=False, tell=lambda line: None)
    cloudformation.parameters["TableName"] = "missing"
    with pytest.raises(RestoreError, match="no table missing"):
        Restore.of(account_with(dynamodb, cloudformation), "prod", NOW).run(switch=False, tell=lambda line: None)


def test_another_table_of_that_name_is_not_taken_for_a_copy(restore: Restore, dynamodb: Any) -> None:
    dynamodb.create_table(
        TableName=TARGET,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with pytest.raises(RestoreError, match="no copy of it"):
        restore.run(switch=True, tell=lambda line: None)


def test_a_moment_is_in_utc_where_it_names_no_zone() -> None:
    assert moment("2026-01-31T09:00:00") == moment("2026-01-31T09:00:00Z") == moment("2026-01-31T10:00:00+01:00")
    with pytest.raises(ValueError, match="Invalid isoformat"):
        moment("yesterday")
