"""`make deploy STAGE=…`: packages, uploads, and brings the stack of a stage to that state."""

import argparse
import hashlib
import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.aws import package, site, template
from infra.aws.references import Fragment
from infra.aws.wheels import PackagingError
from infra.site.archive import Site, SiteProblem

NEEDS: Final = """Not deployed: {problem}

Deploying needs an AWS account:
  - credentials that boto3 finds (AWS_PROFILE, AWS_ACCESS_KEY_ID, a role), allowed to make what the template holds;
  - a region (AWS_DEFAULT_REGION, or that of the profile) with Lambda, DynamoDB, S3, SQS and SES;
  - the first time: PARAMETERS="MailSender=…" (the rest is explained in docs/operations.md).
`make package` needs none of it."""
CAPABILITIES: Final = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


class DeploymentError(Exception):
    """The stack cannot be brought to the wanted state; the message says why."""


@dataclass(frozen=True)
class Account:
    """The account and region that is deployed to, with the clients that it takes."""

    number: str
    region: str
    s3: Any
    ssm: Any
    cloudformation: Any

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
        clients = {name: session.client(name) for name in ("s3", "ssm", "cloudformation")}
        return cls(number, session.region_name, **clients)

    @property
    def artifacts(self) -> str:
        """The bucket that packages are uploaded to."""
        return f"vulpes-artifacts-{self.number}-{self.region}"


def deploy(account: Account, made: package.Package, stage: str, given: dict[str, str]) -> dict[str, str]:
    """Brings the stage's stack to the state of a package and answers its outputs.

    given: parameters of the template by name; those left out keep their value. Raises DeploymentError.
    """
    stack = f"vulpes-{stage}"
    before = _stack(account, stack)
    known = {entry["ParameterKey"] for entry in before.get("Parameters", [])} if before else set()
    body = _read_template(made)
    values = _values(body["Parameters"], given, known)
    secret = given.get("TokenSecretsParameter") or body["Parameters"]["TokenSecretsParameter"]["Default"]
    if not before:
        make_secret(account, secret)
    address = _upload(account, made, body)
    name = f"deploy-{hashlib.sha256(address.encode()).hexdigest()[:12]}-{secrets.token_hex(4)}"
    account.cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=name,
        ChangeSetType="UPDATE" if before else "CREATE",
        TemplateURL=address,
        Parameters=values,
        Capabilities=CAPABILITIES,
        Tags=[{"Key": "application", "Value": "vulpes"}, {"Key": "stage", "Value": stage}],
    )
    if _is_change(account, stack, name):
        account.cloudformation.execute_change_set(StackName=stack, ChangeSetName=name)
        _wait(account, stack, "stack_update_complete" if before else "stack_create_complete")
    return {entry["OutputKey"]: entry["OutputValue"] for entry in _stack(account, stack).get("Outputs", [])}


def make_secret(account: Account, name: str) -> None:
    """Makes the parameter with a random token secret where there is none; CloudFormation makes no SecureString."""
    try:
        account.ssm.put_parameter(Name=name, Value=secrets.token_urlsafe(48), Type="SecureString", Overwrite=False)
    except account.ssm.exceptions.ParameterAlreadyExists:
        return


def _values(declared: Fragment, given: dict[str, str], known: set[str]) -> list[Fragment]:
    unknown = given.keys() - declared.keys()
    if unknown:
        raise DeploymentError(f"the template has no parameter {', '.join(sorted(unknown))}")
    wanted = dict(given)
    if "MailSender" in given and "MailIdentity" not in known:
        wanted.setdefault("MailIdentity", given["MailSender"])
    answered = wanted.keys() | known
    missing = [name for name, what in declared.items() if "Default" not in what and name not in answered]
    if missing:
        raise DeploymentError(f"the stack is new, so PARAMETERS has to say {', '.join(missing)}")
    kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in declared if name in known - wanted.keys()]
    return [*kept, *({"ParameterKey": name, "ParameterValue": value} for name, value in wanted.items())]


def _read_template(made: package.Package) -> Fragment:
    body: Fragment = json.loads(made.template.read_text())
    return body


def _upload(account: Account, made: package.Package, body: Fragment) -> str:
    _make_bucket(account)
    data = made.archive.read_bytes()
    key = f"{hashlib.sha256(data).hexdigest()}.zip"
    account.s3.put_object(Bucket=account.artifacts, Key=key, Body=data)
    for resource in body["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": account.artifacts, "Key": key}
    text = json.dumps(body, sort_keys=True).encode()
    name = f"{hashlib.sha256(text).hexdigest()}.json"
    account.s3.put_object(Bucket=account.artifacts, Key=name, Body=text)
    return f"https://{account.artifacts}.s3.{account.region}.amazonaws.com/{name}"


def _make_bucket(account: Account) -> None:
    place = {} if account.region == "us-east-1" else {"LocationConstraint": account.region}
    more = {"CreateBucketConfiguration": place} if place else {}
    try:
        account.s3.create_bucket(Bucket=account.artifacts, **more)
    except account.s3.exceptions.BucketAlreadyOwnedByYou:
        return
    closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    account.s3.put_public_access_block(
        Bucket=account.artifacts, PublicAccessBlockConfiguration=dict.fromkeys(closed, True)
    )


def _stack(account: Account, name: str) -> Fragment:
    from botocore.exceptions import ClientError

    try:
        found: Fragment = account.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as problem:
        if "does not exist" in str(problem):
            return {}
        raise
    return {} if found["StackStatus"] == "REVIEW_IN_PROGRESS" else found


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
        raise DeploymentError(f"{stack} was rolled back; its events in CloudFormation say why ({problem})") from problem


def _parameter(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"'{text}' is not Name=value")
    return name, value


def main() -> int:
    """Runs the command line; 1 where nothing was deployed."""
    reader = argparse.ArgumentParser(description="Deploys the application to AWS.")
    reader.add_argument("--stage", required=True, choices=sorted(template.LOG_DAYS))
    reader.add_argument(
        "parameters", nargs="*", type=_parameter, metavar="Name=value", help="parameters of the template"
    )
    reader.add_argument("--ui", type=Path, help="a web interface: its release archive (.tgz, .zip) or a folder")
    chosen = reader.parse_args()
    try:
        interface = Site.read(chosen.ui) if chosen.ui else None
        account = Account.of_environment()
        made = package.build(chosen.stage, package.ROOT / "build" / chosen.stage)
        outputs = deploy(account, made, chosen.stage, dict(chosen.parameters))
        site.publish(account.s3, outputs["SiteBucket"], interface)
    except (DeploymentError, PackagingError, SiteProblem, template.TemplateError) as problem:
        print(NEEDS.format(problem=problem), file=sys.stderr)
        return 1
    for name, value in sorted(outputs.items()):
        print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
