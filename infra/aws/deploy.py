"""`make deploy STAGE=…`: packages, uploads, and brings the stack of a stage to that state."""

import argparse
import hashlib
import json
import secrets
import sys
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Final

from chalicelib.errors import VulpesError
from infra.aws import package, preflight, site, smoke, stack, template
from infra.aws.account import Account, DeploymentError, exit_status
from infra.aws.references import Fragment
from infra.aws.runtime import PackagingError
from infra.aws.visitor import visitor
from infra.site.archive import Site, SiteProblem

NEEDS: Final = """Not deployed: {problem}

Deploying needs an AWS account:
  - credentials that boto3 finds (AWS_PROFILE, AWS_ACCESS_KEY_ID, a role), allowed to make what the template holds;
  - a region (AWS_DEFAULT_REGION, or that of the profile) with Lambda, DynamoDB, S3, SQS and SES;
  - the first time: PARAMETERS="MailSender=…" (the rest is explained in docs/operations.md).
`make package` needs none of it."""

SANDBOX: Final = """Mail: SES keeps this account in its sandbox, letters go to verified addresses alone.
Ask AWS for production access: SES console, Account dashboard, Request production access (docs/operations.md, Mail)."""

# Layers that a deployment brings from elsewhere: made for one runtime.
_LAYERS: Final = ("SamlLayerArn", "FfmpegLayerArn")


def deploy(account: Account, made: package.Package, stage: str, given: dict[str, str]) -> dict[str, str]:
    """Brings the stage's stack to the state of a package and answers its outputs.

    given: parameters of the template by name; those left out keep their value. Raises DeploymentError.
    """
    name = f"vulpes-{stage}"
    before = stack.ready(account, name)
    known = stack.parameters(before)
    body = _read_template(made)
    _refuse_old_layers(stack.outputs(before).get("Runtime", ""), body, known, given)
    given = preflight.decided(account, body["Parameters"], known, given) | given
    preflight.refuse(account, name, body, {**known, **given}, new=not before)
    values = _values(body["Parameters"], given, known.keys())
    secret = {"TokenSecretsParameter": body["Parameters"]["TokenSecretsParameter"]["Default"], **known, **given}
    make_secret(account, secret["TokenSecretsParameter"])
    address = _upload(account, made, body)
    stack.change(
        account,
        name,
        f"deploy-{hashlib.sha256(address.encode()).hexdigest()[:12]}-{secrets.token_hex(4)}",
        new=not before,
        TemplateURL=address,
        Parameters=values,
        Tags=[{"Key": "application", "Value": "vulpes"}, {"Key": "stage", "Value": stage}],
    )
    outputs = stack.outputs(stack.find(account, name))
    protect(account, outputs["TableName"])
    return outputs


def _refuse_old_layers(before: str, body: Fragment, known: Mapping[str, str], given: Mapping[str, str]) -> None:
    """Layers of one runtime do not load in another, and sign-in at an identity provider would fail from then on."""
    packaged = body["Outputs"]["Runtime"]["Value"]
    old = [name for name in _LAYERS if known.get(name) and name not in given]
    if before and before != packaged and old:
        named = " ".join(f"{name}=…" for name in old)
        raise DeploymentError(
            f"the stage runs {before}, this is packaged for {packaged}: publish its layers anew "
            f'(docs/operations.md) and name them, PARAMETERS="{named}", or an empty value to go without'
        )


def protect(account: Account, table: str) -> None:
    """Lets nobody delete the table by mistake.

    Not in the template: a first deployment that fails has to take its table away again, else no second one can make it.
    """
    if not account.dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"):
        account.dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)


def sandbox(account: Account) -> str:
    """What to do while SES keeps the account in its sandbox; empty when it does not, or does not tell."""
    from botocore.exceptions import ClientError

    try:
        outside = account.sesv2.get_account().get("ProductionAccessEnabled")
    except ClientError:
        return ""
    return SANDBOX if outside is False else ""


def make_secret(account: Account, name: str) -> None:
    """Makes the parameter with a random token secret where there is none; CloudFormation makes no SecureString."""
    try:
        account.ssm.put_parameter(Name=name, Value=secrets.token_urlsafe(48), Type="SecureString", Overwrite=False)
    except account.ssm.exceptions.ParameterAlreadyExists:
        return


def _values(declared: Fragment, given: dict[str, str], known: Set[str]) -> list[Fragment]:
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
    code, layer = (_put(account, one) for one in (made.archive, made.layer))
    for resource in body["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = code
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = layer
    text = json.dumps(body, sort_keys=True).encode()
    name = f"{hashlib.sha256(text).hexdigest()}.json"
    account.s3.put_object(Bucket=account.artifacts, Key=name, Body=text)
    return f"https://{account.artifacts}.s3.{account.region}.amazonaws.com/{name}"


def _put(account: Account, archive: Path) -> Fragment:
    """Uploads a zip under its content; gives where it is. What is there already is not sent again."""
    from botocore.exceptions import ClientError

    data = archive.read_bytes()
    place = {"Bucket": account.artifacts, "Key": f"{hashlib.sha256(data).hexdigest()}.zip"}
    try:
        account.s3.head_object(**place)
    except ClientError:
        account.s3.put_object(**place, Body=data)
    return place


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

    def work() -> int:
        interface = Site.read(chosen.ui) if chosen.ui else None
        account = Account.of_environment()
        made = package.build(chosen.stage, package.ROOT / "build" / chosen.stage)
        outputs = deploy(account, made, chosen.stage, dict(chosen.parameters))
        site.publish(account.s3, outputs["SiteBucket"], interface)
        for name, value in sorted(outputs.items()):
            print(f"{name}: {value}")
        for hint in filter(None, (sandbox(account), preflight.advice(account))):
            print(hint)
        return _check(outputs, account.region, f"vulpes-{chosen.stage}")

    return exit_status(NEEDS, work, PackagingError, SiteProblem, template.TemplateError)


def _check(outputs: dict[str, str], region: str, name: str) -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    status: int | None = None
    try:
        with visitor(outputs, region) as somebody:
            status = smoke.report(outputs["SiteURL"], visitor=somebody, stack=name)
    except (VulpesError, BotoCoreError, ClientError) as problem:
        if status is not None:
            print(f"What was made for the check is still there ({problem}); the next one removes it.", file=sys.stderr)
            return 1
        # Who deploys need not be allowed to write to the table.
        print(f"Nobody could be made who signs in ({problem}); the rest is looked at without.", file=sys.stderr)
        return smoke.report(outputs["SiteURL"], stack=name)
    return status


if __name__ == "__main__":
    sys.exit(main())
