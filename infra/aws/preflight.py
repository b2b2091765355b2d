"""What a deployment looks at in the account first: what the stack has to be told of it, and what AWS would refuse.

CloudFormation says so as well, but minutes later, about a resource, and after taking everything away again.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from infra.aws import access_logs, environment
from infra.aws.account import Account, DeploymentError
from infra.aws.references import Fragment

_LOST_ROLE: Final = """API Gateway writes logs with a role that this stack made, and knows it no more. Deploy once with
PARAMETERS="MakesLogRole=no AccessLogs=none", and then with PARAMETERS="AccessLogs=api": that makes another one."""
_BUCKET: Final = """There is a bucket {name} already: a stage of that name was here, or is in another region.
Copy what is worth keeping (aws s3 sync s3://{name} s3://another-bucket), then empty it in the console, which removes
the versions as well, and remove it."""
_TABLE: Final = """There is a table {name} already: a stage of that name was here. To go on with it:
PARAMETERS="TableStreamArn={stream}"; for an empty one: PARAMETERS="TableName=another"."""
_LOGS: Final = """There are logs of a stage of that name, and CloudFormation makes none that is there. Remove them:
{commands}"""
# Lambda has a thousand for accounts that asked for them, or grew; new ones begin with ten.
FEW_AT_ONCE: Final = 100
_QUOTA: Final = "--service-code lambda --quota-code L-B99A9384 --desired-value 1000"
_FEW: Final = f"""Lambda: this account runs {{most}} functions at a time, as new ones do. While all are busy,
people get errors. Ask for more: aws service-quotas request-service-quota-increase {_QUOTA}
and afterwards deploy once with PARAMETERS="WorkAtOnce=20" (docs/operations.md, A new account)."""


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
        found |= _mail_identity(account, given)
    if "WorkAtOnce" in open_ones - known.keys() and (most := _at_once(account)) < FEW_AT_ONCE:
        # Movies and messages to others leave most of it to people; AWS takes no less than two.
        found["WorkAtOnce"] = str(max(2, most // 4))
    return found


def refuse(account: Account, stack: str, body: Fragment, answers: Mapping[str, str], new: bool) -> None:
    """Raises DeploymentError where AWS would refuse what the template holds.

    answers: its parameters as they will be. new: there is no such stack yet, so that nothing of it may be there.
    """
    environment.refuse_too_large(body, answers)
    if new:
        _refuse_bucket(account, f"{stack}-files-{account.number}")
        _refuse_table(account, body, answers)
        _refuse_logs(account, stack)


def advice(account: Account) -> str:
    """What to ask of AWS where the account runs few functions at a time; empty where it does not."""
    most = _at_once(account)
    return _FEW.format(most=most) if most < FEW_AT_ONCE else ""


def _at_once(account: Account) -> int:
    from botocore.exceptions import ClientError

    try:
        return int(account.functions.get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
    except ClientError:
        return FEW_AT_ONCE


def _refuse_bucket(account: Account, name: str) -> None:
    if _is_there(lambda: account.s3.head_bucket(Bucket=name), unknown=False):
        raise DeploymentError(_BUCKET.format(name=name))


def _refuse_table(account: Account, body: Fragment, answers: Mapping[str, str]) -> None:
    from botocore.exceptions import ClientError

    name = answers.get("TableName", body["Parameters"].get("TableName", {}).get("Default"))
    if not name or answers.get("TableStreamArn"):
        return
    try:
        table = account.dynamodb.describe_table(TableName=name)["Table"]
    except ClientError:
        return
    raise DeploymentError(_TABLE.format(name=name, stream=table.get("LatestStreamArn", "…")))


def _refuse_logs(account: Account, stack: str) -> None:
    from botocore.exceptions import ClientError

    found: list[str] = []
    for service in ("lambda", "apigateway"):
        try:
            told = account.logs.describe_log_groups(logGroupNamePrefix=f"/aws/{service}/{stack}-")
        except ClientError:
            return
        found += [group["logGroupName"] for group in told["logGroups"]]
    if found:
        commands = "\n".join(f"aws logs delete-log-group --log-group-name {name}" for name in found)
        raise DeploymentError(_LOGS.format(commands=commands))


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


def _mail_identity(account: Account, given: Mapping[str, str]) -> dict[str, str]:
    """An identity that SES has already: the one that was named, else the sender, else the sender's domain."""
    sender = given.get("MailSender", "")
    wanted = [given["MailIdentity"]] if "MailIdentity" in given else [sender, sender.rpartition("@")[2]]
    for identity in filter(None, wanted):
        if _is_there(partial(account.sesv2.get_email_identity, EmailIdentity=identity), unknown=False):
            return {"MailIdentityExists": "yes", "MailIdentity": identity}
    return {}


def _is_there(look: Callable[[], Any], unknown: bool = True) -> bool:
    """Whether something is there; `unknown` where the credentials may not look."""
    from botocore.exceptions import ClientError

    try:
        look()
    except ClientError as problem:
        code = problem.response["Error"]["Code"]
        return unknown if "AccessDenied" in code or "Unauthorized" in code else False
    return True
