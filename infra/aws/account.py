"""The account that is deployed to, and what AWS refuses, in sentences that say what to do."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final


class DeploymentError(Exception):
    """The stack cannot be brought to the wanted state; the message says why."""


_SERVICES: Final = ("s3", "ssm", "cloudformation", "dynamodb", "sesv2", "apigateway", "iam", "logs", "sqs")


@dataclass(frozen=True)
class Account:
    """The account and region that is deployed to, with the clients that it takes."""

    number: str
    region: str
    s3: Any
    ssm: Any
    cloudformation: Any
    dynamodb: Any
    sesv2: Any
    apigateway: Any
    iam: Any
    logs: Any
    sqs: Any
    functions: Any

    @classmethod
    def of_environment(cls) -> "Account":
        """The account that the environment's credentials open. Raises DeploymentError without credentials or region."""
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError

        session = boto3.session.Session()
        if not session.region_name:
            raise DeploymentError("no region is set")
        try:
            number = session.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as problem:
            raise DeploymentError(f"AWS does not know you ({problem})") from problem
        clients = {name: session.client(name) for name in _SERVICES}
        return cls(number, session.region_name, functions=session.client("lambda"), **clients)

    @property
    def artifacts(self) -> str:
        """The bucket that packages are uploaded to."""
        return f"vulpes-artifacts-{self.number}-{self.region}"


_FORBIDDEN: Final = "Your credentials may not do that: use others, or have the action allowed"
_EXPIRED: Final = "Your credentials have run out: sign in again"
_SLOWER: Final = "AWS takes no more calls right now: wait a minute and deploy again"
_WHAT_TO_DO: Final = {
    "AccessDenied": _FORBIDDEN,
    "AccessDeniedException": _FORBIDDEN,
    "UnauthorizedOperation": _FORBIDDEN,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "InvalidClientTokenId": "AWS does not know these credentials: look at AWS_PROFILE",
    "Throttling": _SLOWER,
    "ThrottlingException": _SLOWER,
    "BucketAlreadyExists": "Another account has a bucket of that name",
    "AlreadyExistsException": "Somebody else is deploying: wait until they are done",
    "LimitExceededException": "The account has as many of these as it may: have the quota raised",
    "InsufficientCapabilitiesException": "The credentials may not make roles",
}


def told(problem: Any) -> str:
    """What AWS refused, as a sentence: the operation, its words, and what to do about it (`problem`: a ClientError)."""
    error = problem.response.get("Error", {})
    refused = f"AWS refuses {problem.operation_name}: {error.get('Message') or error.get('Code')}"
    advice = _WHAT_TO_DO.get(error.get("Code", ""))
    return f"{refused.rstrip('.')}. {advice}." if advice else refused


def exit_status(refusal: str, work: Callable[[], int], *refusals: type[Exception]) -> int:
    """The exit status of a command line; 1 where AWS or the command itself refuses, which is said.

    refusal: what is said, with `{problem}`. refusals: what the command raises besides DeploymentError.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return work()
    except ClientError as problem:
        said = told(problem)
    except (DeploymentError, BotoCoreError, *refusals) as problem:
        said = str(problem)
    print(refusal.format(problem=said), file=sys.stderr)
    return 1
