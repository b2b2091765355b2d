"""What a stack is told: addresses, names of things that exist, and never a secret."""

from typing import Final

from infra.aws import access_logs, rollout, tracing
from infra.aws.references import Fragment, ref

_SITE: Final = r"(https?://[^/]+)?"
_CERTIFICATE: Final = r"(arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/.+)?"
# What AWS would refuse after minutes, CloudFormation refuses at once: an ARN of another service, or of another region.
_WEB_ACL: Final = r"(arn:aws[a-z-]*:wafv2:us-east-1:[0-9]{12}:global/webacl/.+)?"
_LAYER: Final = r"(arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+)?"
_TOPIC: Final = r"(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?"
_STREAM: Final = r"(arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+/stream/.+)?"
_DOMAIN: Final = r"([a-z0-9-]+(\.[a-z0-9-]+)+)?"
_ADDRESS: Final = r"[^@\s]+@[^@\s]+\.[^@\s]+"


def parameters(stage: str) -> Fragment:
    """The parameters of a stage's stack by name."""
    return {
        "SiteUrl": {
            **_asked(
                "Address that people see, if neither SiteDomain nor the distribution's; no slash at the end", _SITE
            ),
            "Default": "",
        },
        "SiteDomain": {
            **_asked("Domain of the site, as kitsu.example.com; empty: CloudFront gives it one", _DOMAIN),
            "Default": "",
        },
        "SiteCertificateArn": {
            **_asked("Certificate for SiteDomain, in us-east-1", _CERTIFICATE),
            "Default": "",
        },
        "SitePriceClass": {
            "Type": "String",
            "Description": "Where CloudFront answers: Europe and North America, those and Asia, everywhere",
            "AllowedValues": ["PriceClass_100", "PriceClass_200", "PriceClass_All"],
            "Default": "PriceClass_100",
        },
        "WebAclArn": {
            **_asked("Web ACL (WAF, scope CLOUDFRONT, in us-east-1) that guards the site; empty: none", _WEB_ACL),
            "Default": "",
        },
        "MailSender": _asked("Address that mails are sent from", _ADDRESS),
        "MailIdentity": _asked("Address or domain that SES has to verify for MailSender", r"\S+\.\S+"),
        "MailIdentityExists": {
            "Type": "String",
            "Description": "yes where SES knows MailIdentity in this region already; no: the stack creates it",
            "AllowedValues": ["yes", "no"],
            "Default": "no",
        },
        "MailsADay": {
            "Type": "Number",
            "Description": "Mails a day from which an alarm goes off: four fifths of the quota of SES",
            "Default": 40000,
            "MinValue": 1,
        },
        "CorsOrigins": {
            "Type": "CommaDelimitedList",
            "Description": "Origins besides the site's that may call the API and upload from a browser, with commas",
            "Default": "",
        },
        "ProtectedAccounts": _optional("Mail addresses that nobody may change or delete through the API, with commas"),
        "TokenSecretsParameter": {
            **_asked("Name of the SSM parameter (SecureString) that holds the token secrets", r"/[A-Za-z0-9_./-]+"),
            "Default": f"/vulpes/{stage}/token-secrets",
        },
        "FfmpegLayerArn": _layer("Layer version of your own with /opt/bin/ffmpeg; empty: the one of the package"),
        "SamlIdpName": _optional("What people call the identity provider for single sign-on"),
        "SamlIdpEntityId": _optional("Entity id of the identity provider; empty: no single sign-on"),
        "SamlSignInUrl": _optional("Address of its sign-in (HTTP-Redirect binding)"),
        "SamlCertificates": _optional("Its signing certificates, base64 without head and foot, with commas"),
        "SamlLayerArn": _layer("Layer version with the library for single sign-on (python -m infra.aws.layer)"),
        "OutgoingPorts": {
            **_asked("Ports of other servers that webhooks and messages may go to, with commas", r"[0-9]+(,[0-9]+)*"),
            "Default": "443",
        },
        "Rollout": rollout.parameter(stage),
        **access_logs.parameters(),
        tracing.PARAMETER: tracing.parameter(),
        "AlarmTopicArn": {
            **_asked("SNS topic that alarms go to; without it they only show in CloudWatch", _TOPIC),
            "Default": "",
        },
        "WorkAtOnce": {
            "Type": "Number",
            "Description": "Files, and messages to other servers, that are worked on at a time",
            "Default": 20,
            "MinValue": 2,
            "MaxValue": 1000,
        },
        "TableName": {**_asked("Name of the table", r"[A-Za-z0-9_.-]{3,255}"), "Default": f"vulpes-{stage}"},
        "TableStreamArn": {
            **_asked("Stream of TableName if that is a restored table; empty: the stack makes the table", _STREAM),
            "Default": "",
        },
    }


def conditions() -> Fragment:
    """The conditions on those parameters by name."""
    return {
        "HasSiteUrl": {"Fn::Not": [_is_empty("SiteUrl")]},
        "HasSiteDomain": {"Fn::Not": [_is_empty("SiteDomain")]},
        "HasWebAcl": {"Fn::Not": [_is_empty("WebAclArn")]},
        "OwnTable": _is_empty("TableStreamArn"),
        "HasFfmpeg": {"Fn::Not": [_is_empty("FfmpegLayerArn")]},
        "HasSamlLayer": {"Fn::Not": [_is_empty("SamlLayerArn")]},
        "HasAlarmTopic": {"Fn::Not": [_is_empty("AlarmTopicArn")]},
        "MakesMailIdentity": {"Fn::Equals": [ref("MailIdentityExists"), "no"]},
        **access_logs.conditions(),
        **tracing.conditions(),
        "HasMoreOrigins": {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", ref("CorsOrigins")]}, ""]}]},
    }


def rules() -> Fragment:
    """What CloudFormation checks of the parameters before it touches anything."""
    told = "SiteDomain needs SiteCertificateArn: a certificate of ACM in us-east-1, where CloudFront looks for it"
    return {
        "DomainHasCertificate": {
            "RuleCondition": {"Fn::Not": [_is_empty("SiteDomain")]},
            "Assertions": [{"Assert": {"Fn::Not": [_is_empty("SiteCertificateArn")]}, "AssertDescription": told}],
        }
    }


def _asked(description: str, pattern: str) -> Fragment:
    return {"Type": "String", "Description": description, "AllowedPattern": pattern}


def _optional(description: str) -> Fragment:
    return {"Type": "String", "Description": description, "Default": ""}


def _layer(description: str) -> Fragment:
    return {**_asked(description, _LAYER), "Default": ""}


def _is_empty(name: str) -> Fragment:
    return {"Fn::Equals": [ref(name), ""]}
