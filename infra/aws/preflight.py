"""What a deployment looks at in the account first: what the stack has to be told of it, and what AWS would refuse.

CloudFormation says so as well, but minutes later, about a resource, and after taking everything away again.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.aws import access_logs
from infra.aws.account import Account, DeploymentError
from infra.aws.references import Fragment

_LOST_ROLE: Final = """API Gateway writes logs with a role that this stack made, and knows it no more. Deploy once with
PARAMETERS="MakesLogRole=no AccessLogs=none", and then with PARAMETERS="AccessLogs=api": that makes another one."""


def decided(account: Account, declared: Fragment, known: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Parameters that nobody gave and the account answers.

    declared: those of the template; known: of the stack, empty where it is new. Raises DeploymentError where the
    account has lost what the stack counts on.
    """
    open_ones = declared.keys() - given.keys()
    found: dict[str, str] = {}
    if access_logs.ACCOUNT_ROLE in open_ones:
        found |= _log_role(account, {**known, **given})
    if "MailIdentityExists" in open_ones - known.keys():
        found |= _mail_identity(account, given.get("MailIdentity", given.get("MailSender", "")))
    return found


def _log_role(account: Account, answers: Mapping[str, str]) -> dict[str, str]:
    if answers.get("AccessLogs", access_logs.USUAL) == "none" or _writes_logs(account):
        return {}
    if answers.get(access_logs.ACCOUNT_ROLE) == "yes":
        raise DeploymentError(_LOST_ROLE)
    return {access_logs.ACCOUNT_ROLE: "yes"}


def _writes_logs(account: Account) -> bool:
    """Whether API Gateway has a role to write logs with, in this account and region.

    The role may be gone while API Gateway still names it. Credentials that may not look are told nothing.
    """
    from botocore.exceptions import ClientError

    try:
        arn: str = account.apigateway.get_account().get("cloudwatchRoleArn") or ""
    except ClientError:
        return True
    return bool(arn) and _is_there(lambda: account.iam.get_role(RoleName=arn.rpartition("/")[2]))


def _mail_identity(account: Account, identity: str) -> dict[str, str]:
    known = bool(identity) and _is_there(
        lambda: account.sesv2.get_email_identity(EmailIdentity=identity), unknown=False
    )
    return {"MailIdentityExists": "yes"} if known else {}


def _is_there(look: Callable[[], Any], unknown: bool = True) -> bool:
    """Whether something is there; `unknown` where the credentials may not look."""
    from botocore.exceptions import ClientError

    try:
        look()
    except ClientError as problem:
        code = problem.response["Error"]["Code"]
        return unknown if "AccessDenied" in code or "Unauthorized" in code else False
    return True
