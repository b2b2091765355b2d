"""The template: what `chalice package` writes, with our resources merged in and the references wired."""

import copy
import json
from typing import Any, Final

from chalicelib.domain.audit.entries import audited_kinds
from chalicelib.records.production import API_EVENT
from infra.aws import access_logs, alarms, distribution, gateway, live, mail, parameters, resources, rollout, tracing
from infra.aws.references import STACK, Fragment, attribute, choose, is_function, ref, text
from infra.aws.runtime import LAMBDA, Runtime

LOG_DAYS: Final = {"dev": 14, "prod": 90}
MEDIA_STORAGE_MB: Final = 4096
ANY_METHOD: Final = "x-amazon-apigateway-any-method"
# The functions that Chalice has to have found in app.py, and the event that calls each.
EVENT_SOURCES: Final = {
    "Media": "SQS",
    "CarryEvents": "DynamoDB",
    "Audit": "DynamoDB",
    "Sweep": "Schedule",
    "LookAfterLive": "Schedule",
    "Deliver": "SQS",
    "MailFeedback": "SNS",
}
_API_FUNCTION: Final = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-api:"
    f"{rollout.ALIAS}/invocations"
)
# The queue that calls a function. How many of it run at a time is a parameter: a night's upload of thousands of movies,
# or fifty webhooks that do not answer, must not take the account's concurrency from the API. Nothing is reserved: an
# account that runs few functions at a time can reserve none.
QUEUES: Final = {"Media": "MediaQueue", "Deliver": "OutboxQueue"}
# New items of the journal are carried on; for the other writes, most of them, the function is not even called.
NEW_EVENTS: Final = json.dumps(
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"suffix": f"#{API_EVENT.table}"}]}}}}
)
# The audit is called for records alone, of the kinds whose changes it tells; not for what expires.
AUDITED_CHANGES: Final = json.dumps(
    {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {"Keys": {"pk": {"S": [{"suffix": f"#{kind.table}"} for kind in audited_kinds()]}}},
    }
)
FILTERS: Final = {"CarryEvents": NEW_EVENTS, "Audit": AUDITED_CHANGES}


class TemplateError(Exception):
    """Chalice wrote something else than the stack expects; the message says what."""


def complete(generated: Fragment, stage: str, runtime: Runtime = LAMBDA) -> Fragment:
    """The template of a stage from the one that Chalice generated. Raises TemplateError where a function is missing."""
    made = copy.deepcopy(generated)
    _check(made["Resources"])
    made["Description"] = f"Vulpes, the Kitsu API: {stage}"
    made["Parameters"] = parameters.parameters(stage)
    made["Conditions"] = parameters.conditions()
    made["Rules"] = parameters.rules()
    api_stage = made["Resources"]["RestAPI"]["Properties"]["StageName"]
    for name, end in resources.FUNCTIONS.items():
        _wire_function(made["Resources"][name], name, end, runtime)
        role = made["Resources"][_role_of(made["Resources"][name])]["Properties"]
        role["Policies"] = [*role["Policies"], tracing.of_role()]
    _wire_sources(made["Resources"])
    _wire_api(made["Resources"]["RestAPI"]["Properties"])
    _wire_permission(made["Resources"])
    days = LOG_DAYS.get(stage, 90)
    ours = {
        **resources.resources(days, distribution.site_url(), runtime),
        **access_logs.resources(days),
        **live.resources(),
        **mail.resources(),
        **distribution.site(api_stage),
        **alarms.alarms(api_stage),
    }
    taken = ours.keys() & made["Resources"].keys()
    if taken:
        raise TemplateError(f"names used twice in the template: {', '.join(sorted(taken))}")
    made["Resources"].update(ours)
    for api in ("RestAPI", "LiveAPI"):
        access_logs.wire(api, made["Resources"][api])
    made["Outputs"].update({"Runtime": {"Value": str(runtime)}, **resources.outputs(), **distribution.outputs()})
    return made


def merge(base: Any, addition: Any) -> Any:
    """Two parts of a template as one: mappings are merged, everything else is replaced by the addition.

    Chalice's own `--merge-template` merges functions like mappings too, and of `{"Fn::Sub": …}` and `{"Fn::GetAtt": …}`
    makes one mapping with both, which is neither.
    """
    mergeable = isinstance(base, dict) and isinstance(addition, dict)
    if not mergeable or is_function(base) or is_function(addition):
        return addition
    return {**base, **{name: merge(base.get(name), value) for name, value in addition.items()}}


def environment() -> Fragment:
    """What every function finds in its environment besides the values of .chalice/config.json (settings.py)."""
    return {
        "VULPES_TABLE": ref("TableName"),
        "VULPES_BUCKET": ref("Files"),
        "VULPES_MEDIA_QUEUE": attribute("MediaQueue", "QueueName"),
        "VULPES_LIVE_QUEUES": text(live.QUEUES),
        "VULPES_OUTBOX_QUEUE": attribute("OutboxQueue", "QueueName"),
        "VULPES_OUTGOING_PORTS": ref("OutgoingPorts"),
        "VULPES_MAIL_SENDER": ref("MailSender"),
        "VULPES_MAIL_SET": ref("MailSet"),
        "VULPES_MAIL_TOPIC": ref(mail.TOPIC),
        "VULPES_FILES_URL": distribution.files_url(),
        "VULPES_SITE_URL": distribution.site_url(),
        "VULPES_CORS_ORIGINS": {"Fn::Join": [",", [distribution.site_url(), {"Fn::Join": [",", ref("CorsOrigins")]}]]},
        "VULPES_PROTECTED_ACCOUNTS": ref("ProtectedAccounts"),
        "VULPES_TOKEN_SECRETS_PARAMETER": ref("TokenSecretsParameter"),
    }


def single_sign_on() -> Fragment:
    """What the API function finds in its environment besides."""
    return {
        "VULPES_SAML_IDP_NAME": ref("SamlIdpName"),
        "VULPES_SAML_IDP_ENTITY_ID": ref("SamlIdpEntityId"),
        "VULPES_SAML_SIGN_IN_URL": ref("SamlSignInUrl"),
        "VULPES_SAML_CERTIFICATES": ref("SamlCertificates"),
    }


def _check(made: Fragment) -> None:
    functions = {name for name, what in made.items() if what["Type"] == "AWS::Serverless::Function"}
    expected = set(resources.FUNCTIONS)
    if functions != expected:
        raise TemplateError(f"app.py makes the functions {sorted(functions)}; the stack knows {sorted(expected)}")


def _wire_function(function: Fragment, name: str, end: str, runtime: Runtime) -> None:
    additions: Fragment = {
        "FunctionName": text(f"${{AWS::StackName}}-{end}"),
        # Chalice names the Python that packages.
        "Runtime": runtime.label,
        "Architectures": [runtime.architecture],
        "Environment": {"Variables": environment()},
        **tracing.of_function(),
    }
    if name == "APIHandler":
        additions |= rollout.of_function()
        additions["Layers"] = choose("HasSamlLayer", [ref("SamlLayerArn")])
        additions["Environment"]["Variables"] |= {**single_sign_on(), "VULPES_EDGE_KEY": distribution.edge_key()}
    if name == "Media":
        additions["Layers"] = [choose("HasFfmpeg", ref("FfmpegLayerArn"), ref("FfmpegLayer"))]
        additions["EphemeralStorage"] = {"Size": MEDIA_STORAGE_MB}
    if name == "MailFeedback":
        # SNS is done when Lambda has the message: what fails three times then lies here.
        additions["DeadLetterQueue"] = {"Type": "SQS", "TargetArn": attribute(mail.DEAD_LETTERS, "Arn")}
    function["Properties"] = merge(function["Properties"], additions)
    # Lambda would make a log group of its own, that is kept for ever, at the first line.
    function["DependsOn"] = [f"{name}Logs"]


def _wire_sources(made: Fragment) -> None:
    additions: dict[str, Fragment] = {
        "DynamoDB": {
            "Stream": choose("OwnTable", attribute("Table", "StreamArn"), ref("TableStreamArn")),
            "StartingPosition": "TRIM_HORIZON",
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": 8,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "DestinationConfig": {
                "OnFailure": {"Type": "SQS", "Destination": attribute("EventDeadLetters", "Arn")},
            },
        },
        "Schedule": {},
        "SNS": mail.source(),
    }
    for function, kind in EVENT_SOURCES.items():
        events = made[function]["Properties"].get("Events", {})
        found = [event for event in events.values() if event["Type"] == kind]
        if len(found) != 1:
            raise TemplateError(f"{function} should be called by one {kind} event; app.py gives it {len(found)}")
        added = _from_queue(QUEUES[function]) if function in QUEUES else additions[kind]
        found[0]["Properties"] = merge(found[0]["Properties"], added)
        if function in FILTERS:
            found[0]["Properties"]["FilterCriteria"] = {"Filters": [{"Pattern": FILTERS[function]}]}


def _from_queue(queue: str) -> Fragment:
    return {
        "Queue": attribute(queue, "Arn"),
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": ref("WorkAtOnce")},
    }


def _wire_api(properties: Fragment) -> None:
    # The metrics of an API go by its title, which Chalice makes the same for every stack of an account.
    properties["Name"] = STACK
    properties["DefinitionBody"]["info"]["title"] = STACK
    properties["EndpointConfiguration"] = {"Type": properties["EndpointConfiguration"]}
    # Without it SAM makes a second stage, called Stage, that answers as well.
    properties["OpenApiVersion"] = "2.0"
    document = properties["DefinitionBody"]
    for path, methods in document["paths"].items():
        proxied = [what for what in methods.values() if what["x-amazon-apigateway-integration"]["type"] == "aws_proxy"]
        # The function knows the address of the distribution, which knows the API: so the API knows it by name alone.
        proxied[0]["x-amazon-apigateway-integration"]["uri"] = text(_API_FUNCTION)
        # Every method reaches the app: HEAD, OPTIONS and a wrong method are answered there, in JSON.
        document["paths"][path] = {ANY_METHOD: proxied[0]}
    document["x-amazon-apigateway-gateway-responses"] = gateway.errors()
    properties["MethodSettings"] = gateway.throttling()
    properties |= tracing.of_stage()


def _role_of(function: Fragment) -> str:
    name: str = function["Properties"]["Role"]["Fn::GetAtt"][0]
    return name


def _wire_permission(made: Fragment) -> None:
    # The alias answers, so the alias is what API Gateway has to be allowed to call.
    made["APIHandlerInvokePermission"]["Properties"]["FunctionName"] = ref("APIHandler.Alias")
