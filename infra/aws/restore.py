"""`python -m infra.aws.restore --stage prod --to 2026-01-31T09:00:00Z`: the records as they were at a moment.

AWS restores into a table of its own, without stream, expiry, protection and recovery. Each step looks first whether it
is done, so the same command goes on where another was cut off. Without `--switch` nothing that people use is touched:
the drill that should be held once a quarter. Source: docs/operations.md, Restore.
"""

import argparse
import datetime
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

from infra.aws import stack, template
from infra.aws.account import Account, DeploymentError, exit_status

_SUFFIX: Final = re.compile(r"-\d{8}T\d{6}Z$")
Tell = Callable[[str], None]


class RestoreError(DeploymentError):
    """The table cannot be restored; the message says why, and what to do."""


@dataclass(frozen=True)
class Restore:
    """One restore: of a stage's table (`source`), as it was at a moment (UTC)."""

    account: Account
    stage: str
    moment: datetime.datetime
    source: str

    @classmethod
    def of(cls, account: Account, stage: str, moment: datetime.datetime) -> Self:
        """The restore of the table that the stage uses now. Raises RestoreError where there is no such stage."""
        found = stack.find(account, f"vulpes-{stage}")
        if not found:
            raise RestoreError(f"There is no stack vulpes-{stage} in this account and region.")
        return cls(account, stage, moment, stack.parameters(found).get("TableName") or f"vulpes-{stage}")

    @property
    def stack(self) -> str:
        """The name of the stack."""
        return f"vulpes-{self.stage}"

    @property
    def target(self) -> str:
        """The name of the table that is made; the moment is part of it, so that a second call finds it."""
        return f"{_SUFFIX.sub('', self.source)}-{self.moment:%Y%m%dT%H%M%SZ}"

    def run(self, switch: bool, tell: Tell) -> str:
        """Does what is left to do, step by step; gives the name of the table. Raises RestoreError."""
        steps: list[tuple[str, Callable[[], bool]]] = [
            ("restored", self._restore),
            ("complete", self._wait),
            ("stream", self._stream),
            ("expiry of sessions and answers", self._expiry),
            ("deletion protection", self._protect),
            ("point-in-time recovery", self._recovery),
        ]
        target = self.target
        if self.source == target:
            tell(f"{self.stack} uses {target} already.")
            return target
        for name, step in steps:
            tell(f"{target}: {name}{'' if step() else ' (was so already)'}")
        if not switch:
            on = f"{self.stack} goes on with {self.source}."
            tell(f"{on} Look at {target}; the same command with --switch changes over.")
            return target
        self._switch()
        tell(f"{self.stack} uses {target} now; {self.source} stays as it is.")
        return target

    # -- the steps: whether there was something to do -----------------------------------------------------------------
    def _restore(self) -> bool:
        if self._described(self.target):
            return False
        source = self._described(self.source)
        if source is None:
            raise RestoreError(f"There is no table {self.source} in this account and region.")
        first, last = self._window()
        if not first <= self.moment <= last:
            raise RestoreError(f"{self.source} can go back to between {first:%FT%TZ} and {last:%FT%TZ} (UTC).")
        self.account.dynamodb.restore_table_to_point_in_time(
            SourceTableName=self.source, TargetTableName=self.target, RestoreDateTime=self.moment
        )
        return True

    def _wait(self) -> bool:
        before = self._described(self.target) or {}
        if before.get("TableStatus") != "ACTIVE":
            # A large table takes hours; whoever is cut off meanwhile calls again.
            settings = {"Delay": 30, "MaxAttempts": 1440}
            self.account.dynamodb.get_waiter("table_exists").wait(TableName=self.target, WaiterConfig=settings)
        made, source = self._table(self.target), self._table(self.source)
        for what in ("KeySchema", "LocalSecondaryIndexes"):
            if _names(made.get(what)) != _names(source.get(what)):
                raise RestoreError(f"{self.target} has other keys or indexes than {self.source}: it is no copy of it.")
        return before.get("TableStatus") != "ACTIVE"

    def _stream(self) -> bool:
        if self._table(self.target).get("StreamSpecification", {}).get("StreamEnabled"):
            return False
        wanted = self._table(self.source)["StreamSpecification"]
        self.account.dynamodb.update_table(TableName=self.target, StreamSpecification=wanted)
        self.account.dynamodb.get_waiter("table_exists").wait(TableName=self.target)
        return True

    def _expiry(self) -> bool:
        told = self.account.dynamodb.describe_time_to_live(TableName=self.target)["TimeToLiveDescription"]
        if told["TimeToLiveStatus"] in ("ENABLED", "ENABLING"):
            return False
        wanted = {"Enabled": True, "AttributeName": "ttl"}
        self.account.dynamodb.update_time_to_live(TableName=self.target, TimeToLiveSpecification=wanted)
        return True

    def _protect(self) -> bool:
        if self._table(self.target).get("DeletionProtectionEnabled"):
            return False
        self.account.dynamodb.update_table(TableName=self.target, DeletionProtectionEnabled=True)
        return True

    def _recovery(self) -> bool:
        if self._recovery_of(self.target)["PointInTimeRecoveryStatus"] == "ENABLED":
            return False
        self.account.dynamodb.update_continuous_backups(
            TableName=self.target, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        return True

    def _switch(self) -> None:
        changed = {"TableName": self.target, "TableStreamArn": self._table(self.target)["LatestStreamArn"]}
        stack.set_parameters(self.account, self.stack, changed)

    # -- what there is ------------------------------------------------------------------------------------------------
    def _described(self, table: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.account.dynamodb.describe_table(TableName=table)["Table"]
        except self.account.dynamodb.exceptions.ResourceNotFoundException:
            return None
        return found

    def _table(self, table: str) -> dict[str, Any]:
        found = self._described(table)
        if found is None:
            raise RestoreError(f"There is no table {table} any more.")
        return found

    def _recovery_of(self, table: str) -> dict[str, Any]:
        told = self.account.dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        found: dict[str, Any] = told["PointInTimeRecoveryDescription"]
        return found

    def _window(self) -> tuple[datetime.datetime, datetime.datetime]:
        told = self._recovery_of(self.source)
        if told["PointInTimeRecoveryStatus"] != "ENABLED":
            raise RestoreError(f"{self.source} has no point-in-time recovery: there is nothing to go back to.")
        return told["EarliestRestorableDateTime"], told["LatestRestorableDateTime"]


def _names(described: list[dict[str, Any]] | None) -> set[tuple[str, ...]]:
    return {tuple(_texts(entry)) for entry in described or []}


def _texts(entry: dict[str, Any]) -> Iterator[str]:
    for name in ("AttributeName", "KeyType", "IndexName"):
        yield str(entry.get(name, ""))
    for key in entry.get("KeySchema", []):
        yield f"{key['AttributeName']} {key['KeyType']}"


def moment(text: str) -> datetime.datetime:
    """A moment as it is typed: ISO 8601, in UTC where it names no zone. Raises ValueError."""
    read = datetime.datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)


def main() -> int:
    """Runs the command line; 1 where the table is not restored."""
    reader = argparse.ArgumentParser(prog="python -m infra.aws.restore", description="Restores a stage's records.")
    reader.add_argument("--stage", required=True, choices=sorted(template.LOG_DAYS))
    reader.add_argument("--to", required=True, type=moment, help="the moment: 2026-01-31T09:00:00Z")
    reader.add_argument("--switch", action="store_true", help="lets the stage use the restored table")
    chosen = reader.parse_args()

    def work() -> int:
        Restore.of(Account.of_environment(), chosen.stage, chosen.to).run(chosen.switch, print)
        return 0

    return exit_status("Not restored: {problem}", work)


if __name__ == "__main__":
    sys.exit(main())
