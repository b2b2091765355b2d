"""Traces of X-Ray: where the time of a request went, between gateway, function and its start. Off by default.

The polls of live events are left out: they wait for somebody to write, and would be most of the price.
"""

from typing import Final

from infra.aws.references import Fragment, choose, ref

PARAMETER: Final = "Tracing"
_IS_ON: Final = "HasTracing"
# X-Ray knows no resources: whoever may write segments may do so of the account.
_ACTIONS: Final = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")


def parameter() -> Fragment:
    """The parameter that switches them on."""
    return {
        "Type": "String",
        "Description": "on: X-Ray traces a request a second and a twentieth of the rest (docs/cost.md); off: none",
        "AllowedValues": ["on", "off"],
        "Default": "off",
    }


def conditions() -> Fragment:
    """The condition on it by name."""
    return {_IS_ON: {"Fn::Equals": [ref(PARAMETER), "on"]}}


def of_function() -> Fragment:
    """What each function is told."""
    return {"Tracing": choose(_IS_ON, "Active", "PassThrough")}


def of_stage() -> Fragment:
    """What the stage of the API is told."""
    return {"TracingEnabled": choose(_IS_ON, True, False)}


def of_role() -> Fragment:
    """The policy that lets a function write traces.

    It is the role's own: Lambda looks for it when it makes a function that is traced.
    """
    statement = {"Effect": "Allow", "Action": list(_ACTIONS), "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return choose(_IS_ON, {"PolicyName": "tracing", "PolicyDocument": document})
