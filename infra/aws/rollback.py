"""`make rollback STAGE=…`: the version of the API that answered before answers again, in seconds.

Functions that events call, and the template, go back with a deployment of the former commit (docs/operations.md).
"""

import argparse
import sys
from typing import Any

from infra.aws import rollout, template
from infra.aws.account import Account, DeploymentError, exit_status


def roll_back(functions: Any, stage: str) -> tuple[str, str]:
    """Moves the alias of a stage's API to the version before; gives both versions.

    functions: a client of Lambda. Raises DeploymentError where no version was before, or a deployment is under way.
    """
    name = f"vulpes-{stage}-api"
    try:
        alias = functions.get_alias(FunctionName=name, Name=rollout.ALIAS)
    except functions.exceptions.ResourceNotFoundException:
        raise DeploymentError(f"there is no {name} in this account and region") from None
    if alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"):
        raise DeploymentError("a deployment is under way: stop it in CodeDeploy, which moves back by itself")
    now = alias["FunctionVersion"]
    before = [version for version in _versions(functions, name) if version < int(now)]
    if not before:
        raise DeploymentError(f"{name} has no version before {now}")
    wanted = str(max(before))
    functions.update_alias(
        FunctionName=name, Name=rollout.ALIAS, FunctionVersion=wanted, RevisionId=alias["RevisionId"]
    )
    return now, wanted


def _versions(functions: Any, name: str) -> list[int]:
    pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    found = [entry["Version"] for page in pages for entry in page["Versions"]]
    return [int(version) for version in found if version != "$LATEST"]


def main() -> int:
    """Runs the command line; 1 where nothing was changed."""
    import boto3

    reader = argparse.ArgumentParser(description="Lets the API's version before the present one answer again.")
    reader.add_argument("--stage", required=True, choices=sorted(template.LOG_DAYS))
    stage = reader.parse_args().stage

    def work() -> int:
        Account.of_environment()
        now, wanted = roll_back(boto3.client("lambda"), stage)
        print(f"vulpes-{stage}: version {wanted} answers instead of {now}. The next deployment goes on from there.")
        return 0

    return exit_status("Not rolled back: {problem}", work)


if __name__ == "__main__":
    sys.exit(main())
