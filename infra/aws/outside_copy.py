"""`python -m infra.aws.outside_copy --stage prod --to BUCKET [--owner ACCOUNT]`: a copy that outlives the account.

The records go into a bucket of another account, or of another region, as DynamoDB exports them (from its backups: no
reader of the table feels it); the files are copied one by one, those that are there already are left. The same command
again brings the copy up to date. Source: docs/operations.md, Restore.
"""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.aws import stack, template
from infra.aws.account import Account, DeploymentError, exit_status

Tell = Callable[[str], None]


class CopyError(DeploymentError):
    """The copy is not complete; the message says why."""


@dataclass(frozen=True)
class OutsideCopy:
    """One copy: of the table and the bucket of a stack, into a bucket elsewhere."""

    dynamodb: Any
    s3: Any
    table: str
    files: str
    to: str
    owner: str | None = None

    def run(self, tell: Tell) -> None:
        """Exports the records and copies the files that are not there. Raises CopyError."""
        export = self._export()
        tell(f"Records: {export} is under way; it takes minutes to hours.")
        copied, kept = self._copy_files(tell)
        tell(f"Files: {copied} copied, {kept} were there.")
        self._wait(export)
        tell("Records: exported.")

    def _export(self) -> str:
        arn = self.dynamodb.describe_table(TableName=self.table)["Table"]["TableArn"]
        owner = {"S3BucketOwner": self.owner} if self.owner else {}
        told = self.dynamodb.export_table_to_point_in_time(
            TableArn=arn, S3Bucket=self.to, S3Prefix=f"{self.table}/records", ExportFormat="DYNAMODB_JSON", **owner
        )
        found: str = told["ExportDescription"]["ExportArn"]
        return found

    def _wait(self, export: str) -> None:
        from botocore.exceptions import WaiterError

        # What the export says of itself decides, also where it failed or takes longer than half a day.
        with contextlib.suppress(WaiterError):
            settings = {"Delay": 20, "MaxAttempts": 2160}
            self.dynamodb.get_waiter("export_completed").wait(ExportArn=export, WaiterConfig=settings)
        told = self.dynamodb.describe_export(ExportArn=export)["ExportDescription"]
        if told["ExportStatus"] != "COMPLETED":
            raise CopyError(
                f"{export} is {told['ExportStatus']}: {told.get('FailureMessage', 'look at it in DynamoDB')}"
            )

    def _copy_files(self, tell: Tell) -> tuple[int, int]:
        there = dict(self._objects(self.to, f"{self.table}/files/"))
        copied = kept = 0
        for key, size in self._objects(self.files, ""):
            wanted = f"{self.table}/files/{key}"
            if there.get(wanted) == size:
                kept += 1
                continue
            # In parts where it is large; the bytes go from bucket to bucket.
            self.s3.copy({"Bucket": self.files, "Key": key}, self.to, wanted)
            copied += 1
            if copied % 1000 == 0:
                tell(f"Files: {copied} copied so far.")
        return copied, kept

    def _objects(self, bucket: str, prefix: str) -> Iterator[tuple[str, int]]:
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for found in page.get("Contents", ()):
                yield found["Key"], found["Size"]


def main() -> int:
    """Runs the command line; 1 where the copy is not complete."""
    reader = argparse.ArgumentParser(prog="python -m infra.aws.outside_copy", description="Copies a stage elsewhere.")
    reader.add_argument("--stage", required=True, choices=sorted(template.LOG_DAYS))
    reader.add_argument("--to", required=True, help="the bucket, of another account or region")
    reader.add_argument("--owner", help="the number of the account that the bucket is of, where it is another one")
    chosen = reader.parse_args()

    def work() -> int:
        account = Account.of_environment()
        outputs = stack.outputs(stack.needed(account, f"vulpes-{chosen.stage}"))
        names = {"table": outputs["TableName"], "files": outputs["FilesBucket"]}
        OutsideCopy(account.dynamodb, account.s3, **names, to=chosen.to, owner=chosen.owner).run(print)
        return 0

    return exit_status("Not copied: {problem}", work)


if __name__ == "__main__":
    sys.exit(main())
