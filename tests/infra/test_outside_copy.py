"""A copy that outlives the account: the records by an export, the files one by one."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from infra.aws.outside_copy import CopyError, OutsideCopy


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch) -> Iterator[OutsideCopy]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        dynamodb, s3 = (boto3.client(name, region_name="us-east-1") for name in ("dynamodb", "s3"))
        dynamodb.create_table(
            TableName="vulpes-prod",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        recovery = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName="vulpes-prod", PointInTimeRecoverySpecification=recovery)
        dynamodb.put_item(TableName="vulpes-prod", Item={"pk": {"S": "studio#person"}})
        for bucket in ("files", "elsewhere"):
            s3.create_bucket(Bucket=bucket)
        for key in ("previews/one.png", "previews/two.mp4"):
            s3.put_object(Bucket="files", Key=key, Body=key.encode())
        yield OutsideCopy(dynamodb, s3, "vulpes-prod", "files", "elsewhere")


def keys(copy: OutsideCopy) -> list[str]:
    return [found["Key"] for found in copy.s3.list_objects_v2(Bucket="elsewhere")["Contents"]]


def test_records_and_files_are_copied(copy: OutsideCopy) -> None:
    told: list[str] = []
    copy.run(told.append)
    assert {"vulpes-prod/files/previews/one.png", "vulpes-prod/files/previews/two.mp4"} <= set(keys(copy))
    assert any(key.startswith("vulpes-prod/records/") for key in keys(copy))
    body = copy.s3.get_object(Bucket="elsewhere", Key="vulpes-prod/files/previews/one.png")["Body"].read()
    assert body == b"previews/one.png"
    assert told[1:] == ["Files: 2 copied, 0 were there.", "Records: exported."]


def test_the_second_copy_takes_what_is_new(copy: OutsideCopy) -> None:
    copy.run(lambda line: None)
    copy.s3.put_object(Bucket="files", Key="previews/three.png", Body=b"new")
    told: list[str] = []
    copy.run(told.append)
    assert "Files: 1 copied, 2 were there." in told


def test_an_export_that_fails_is_said(copy: OutsideCopy) -> None:
    broken = OutsideCopy(copy.dynamodb, copy.s3, "vulpes-prod", "files", "nowhere")
    with pytest.raises((CopyError, copy.s3.exceptions.ClientError)):
        broken.run(lambda line: None)
