"""`make destroy STAGE=…`: removes a stage's stack, after asking, and says what stays."""

import argparse
import sys
from typing import Any, Final

from infra.aws import stack, template
from infra.aws.account import Account, exit_status

STAYS: Final = """What stays, and costs as long as it does:
  - the table {table}, which is protected, and what was saved of it in the last 35 days;
  - the bucket {files} with all files;
  - the identity in SES that mails were sent from;
  - the token secrets in SSM ({secrets});
  - the role with which API Gateway writes logs, if the stack made it: other stacks may use it;
  - the bucket {artifacts} with the packages.
Remove them by hand when nobody wants them any more (docs/operations.md)."""
ASKS: Final = (
    "This removes the API, the functions, the site and live events of {name}.\n{stays}\nType its name to go on: "
)


def destroy(account: Account, name: str) -> str:
    """Removes a stack and tells what stays. Raises DeploymentError where there is none."""
    found = stack.needed(account, name)
    # CloudFormation removes no bucket that holds something; what is in this one is put there by each deployment.
    if site := stack.outputs(found).get("SiteBucket"):
        _empty(account.s3, site)
    stays = what_stays(account, found)
    stack.remove(account, name)
    # Sessions of live events made them, and nobody looks after them any more.
    for page in account.sqs.get_paginator("list_queues").paginate(QueueNamePrefix=f"{name}-live-"):
        for queue in page.get("QueueUrls", ()):
            account.sqs.delete_queue(QueueUrl=queue)
    return stays


def what_stays(account: Account, found: dict[str, Any]) -> str:
    """What outlives a stack, in words."""
    known = stack.outputs(found)
    given = stack.parameters(found)
    return STAYS.format(
        table=known.get("TableName"),
        files=known.get("FilesBucket"),
        secrets=given.get("TokenSecretsParameter"),
        artifacts=account.artifacts,
    )


def _empty(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", ()):
            s3.delete_object(Bucket=bucket, Key=entry["Key"])


def main() -> int:
    """Runs the command line; 1 where nothing was removed."""
    reader = argparse.ArgumentParser(description="Removes the stack of a stage from AWS.")
    reader.add_argument("--stage", required=True, choices=sorted(template.LOG_DAYS))
    name = f"vulpes-{reader.parse_args().stage}"

    def work() -> int:
        account = Account.of_environment()
        found = stack.find(account, name)
        if found and input(ASKS.format(name=name, stays=what_stays(account, found))) != name:
            print("Nothing was removed.")
            return 1
        print(f"{name} is removed.\n{destroy(account, name)}")
        return 0

    return exit_status("Not removed: {problem}", work)


if __name__ == "__main__":
    sys.exit(main())
