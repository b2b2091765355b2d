"""A stack of CloudFormation: its state, a change of it, what went wrong, its end."""

from typing import Any, Final

from infra.aws.account import Account, DeploymentError
from infra.aws.references import Fragment

CAPABILITIES: Final = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
# What never was complete holds nothing, and CloudFormation changes it no more: it has to go before the next try.
_DEAD: Final = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})
_MOST_EVENTS: Final = 10
_FOLLOWS: Final = "cancelled"
# What AWS says where the account is not ready, and what to do about it.
_ADVICE: Final = {
    "must be verified before": "AWS looks at a new account before it makes distributions: open a case with its support "
    "(Account and billing, CloudFront), and deploy again when they answer",
    "CloudWatch Logs role ARN must be set": 'deploy with PARAMETERS="MakesLogRole=yes"',
    "is not subscribed to": "sign the account up for that service in the console",
    "subscription to use": "sign the account up for that service in the console",
    "CNAMEs you provided": "another distribution has that SiteDomain: take it away there first",
    "conflicting conditional operation": "a bucket of that name was removed just now: deploy again in an hour",
    "already exists": "somebody made it by hand, or another stack did: remove it, or choose another name",
    "LimitExceeded": "the account has as many of these as it may: have the quota raised in Service Quotas",
    "4KB limit": "shorten the parameters that stand in the environment, SamlCertificates first",
    "UnreservedConcurrentExecution": "have the concurrency of Lambda raised in Service Quotas",
}
_STUCK: Final = (
    "{name} could not be rolled back ({status}). Mend what its events name, then: "
    "aws cloudformation continue-update-rollback --stack-name {name}"
)


def find(account: Account, name: str) -> Fragment:
    """The stack as CloudFormation describes it; empty where there is none, or only a change that was never made."""
    from botocore.exceptions import ClientError

    try:
        found: Fragment = account.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as problem:
        if "does not exist" in str(problem):
            return {}
        raise
    return {} if found["StackStatus"] in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE") else found


def needed(account: Account, name: str) -> Fragment:
    """The same of a stack that has to be there. Raises DeploymentError where it is not."""
    found = find(account, name)
    if not found:
        raise DeploymentError(f"there is no stack {name} in this account and region")
    return found


def outputs(found: Fragment) -> dict[str, str]:
    """The outputs of a stack by name."""
    return {entry["OutputKey"]: entry["OutputValue"] for entry in found.get("Outputs", [])}


def parameters(found: Fragment) -> dict[str, str]:
    """The parameters of a stack by name, as they were given."""
    return {entry["ParameterKey"]: entry.get("ParameterValue", "") for entry in found.get("Parameters", [])}


def ready(account: Account, name: str) -> Fragment:
    """The stack, ready for a change: one that never was complete is removed, after saying why it was not.

    Raises DeploymentError where another change is under way, or where the last one could not be taken back.
    """
    found = find(account, name)
    status = found.get("StackStatus", "")
    if status in _DEAD:
        print(f"{name} was never complete ({status}) and is removed. What went wrong then:\n{failures(account, name)}")
        remove(account, name)
        return {}
    if status.endswith("_IN_PROGRESS"):
        raise DeploymentError(f"{name} is being changed ({status}): wait until that is done")
    if status.endswith("_ROLLBACK_FAILED"):
        raise DeploymentError(_STUCK.format(name=name, status=status))
    return found


def change(account: Account, name: str, change_name: str, new: bool, **wanted: Any) -> None:
    """Brings a stack to a state, if it is not in it; waits. Raises DeploymentError with what went wrong."""
    account.cloudformation.create_change_set(
        StackName=name,
        ChangeSetName=change_name,
        ChangeSetType="CREATE" if new else "UPDATE",
        Capabilities=CAPABILITIES,
        **wanted,
    )
    if _is_change(account, name, change_name):
        account.cloudformation.execute_change_set(StackName=name, ChangeSetName=change_name)
        _wait(account, name, "stack_create_complete" if new else "stack_update_complete")


def set_parameters(account: Account, name: str, changed: dict[str, str]) -> None:
    """Gives parameters of a stack other values, all else stays; waits. Raises DeploymentError with what went wrong."""
    kept = [entry for entry in parameters(find(account, name)) if entry not in changed]
    account.cloudformation.update_stack(
        StackName=name,
        UsePreviousTemplate=True,
        Parameters=[
            *({"ParameterKey": entry, "UsePreviousValue": True} for entry in kept),
            *({"ParameterKey": entry, "ParameterValue": value} for entry, value in changed.items()),
        ],
        Capabilities=CAPABILITIES,
    )
    _wait(account, name, "stack_update_complete")


def remove(account: Account, name: str) -> None:
    """Removes a stack, and waits for its end."""
    account.cloudformation.delete_stack(StackName=name)
    _wait(account, name, "stack_delete_complete")


def failures(account: Account, name: str) -> str:
    """What failed of late, the first failure first; what was only broken off because of another is left out."""
    told = account.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [
        f"  {event['LogicalResourceId']} ({event['ResourceStatus']}): {_reason(event)}"
        for event in told
        if event["ResourceStatus"].endswith("FAILED") and _FOLLOWS not in event.get("ResourceStatusReason", "")
    ]
    return "\n".join(failed[:_MOST_EVENTS][::-1]) or "  its events name no failure"


def _reason(event: Fragment) -> str:
    reason: str = event.get("ResourceStatusReason", "no reason")
    advice = next((what for words, what in _ADVICE.items() if words in reason), "")
    return f"{reason}\n    What to do: {advice}." if advice else reason


def _is_change(account: Account, stack: str, name: str) -> bool:
    from botocore.exceptions import WaiterError

    try:
        account.cloudformation.get_waiter("change_set_create_complete").wait(StackName=stack, ChangeSetName=name)
    except WaiterError as problem:
        told = account.cloudformation.describe_change_set(StackName=stack, ChangeSetName=name).get("StatusReason", "")
        if "didn't contain changes" in told or "No updates" in told:
            account.cloudformation.delete_change_set(StackName=stack, ChangeSetName=name)
            return False
        raise DeploymentError(f"CloudFormation refuses the change: {told}") from problem
    return True


def _wait(account: Account, stack: str, state: str) -> None:
    from botocore.exceptions import WaiterError

    try:
        account.cloudformation.get_waiter(state).wait(StackName=stack)
    except WaiterError as problem:
        raise DeploymentError(f"{stack} was not changed; what went wrong:\n{failures(account, stack)}") from problem
