"""How a new version of the API takes the place of the old one: a share of the requests first, back at an alarm.

Each deployment publishes a version; people are answered by the alias, which CodeDeploy moves on. Where one of the
alarms rings meanwhile, it moves back by itself and the deployment fails (docs/operations.md, Update).
"""

from typing import Final

from infra.aws.references import Fragment, ref

ALIAS: Final = "live"
_CONFIGURATION: Final = "CodeDeployDefault.Lambda"
_WAYS: Final = ("AllAtOnce", "Canary10Percent5Minutes", "Linear10PercentEvery1Minute")
# What rings while the new version answers: answers 5xx, or the function itself fails.
_ALARMS: Final = ("ServerErrorsAlarm", "APIHandlerErrorsAlarm")
# Where something is tried out, nobody wants to wait five minutes for it.
_USUAL: Final = {"dev": "AllAtOnce"}


def parameter(stage: str) -> Fragment:
    """The parameter that says how."""
    return {
        "Type": "String",
        "Description": "How a new version takes over: at once, a tenth of the requests for five minutes, or by tenths",
        "AllowedValues": [f"{_CONFIGURATION}{way}" for way in _WAYS],
        "Default": f"{_CONFIGURATION}{_USUAL.get(stage, 'Canary10Percent5Minutes')}",
    }


def of_function() -> Fragment:
    """What the function of the API is told."""
    return {
        "AutoPublishAlias": ALIAS,
        "AutoPublishAliasAllProperties": True,
        "DeploymentPreference": {"Type": ref("Rollout"), "Alarms": [ref(alarm) for alarm in _ALARMS]},
    }
