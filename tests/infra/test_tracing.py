"""Traces of X-Ray: off, and what is on where somebody asks for them."""

from typing import Any

Template = dict[str, Any]


def test_nobody_is_traced_who_did_not_ask(template: Template) -> None:
    assert template["Parameters"]["Tracing"]["Default"] == "off"
    assert template["Conditions"]["HasTracing"] == {"Fn::Equals": [{"Ref": "Tracing"}, "on"]}


def test_every_function_and_the_stage_of_the_api_are_traced(template: Template, functions: Template) -> None:
    for properties in functions.values():
        assert properties["Tracing"] == {"Fn::If": ["HasTracing", "Active", "PassThrough"]}
    assert template["Resources"]["RestAPI"]["Properties"]["TracingEnabled"] == {"Fn::If": ["HasTracing", True, False]}
    # Polls would be most of the price, and say nothing.
    assert "TracingEnabled" not in template["Resources"]["LiveAPI"]["Properties"]


def test_every_function_may_write_its_traces_and_nothing_more(template: Template, functions: Template) -> None:
    for properties in functions.values():
        role = template["Resources"][properties["Role"]["Fn::GetAtt"][0]]["Properties"]
        # In the role itself: Lambda looks for it at the moment it makes the function.
        (chosen,) = (one["Fn::If"] for one in role["Policies"] if "Fn::If" in one)
        condition, policy, nothing = chosen
        assert (condition, nothing) == ("HasTracing", {"Ref": "AWS::NoValue"})
        (allowed,) = policy["PolicyDocument"]["Statement"]
        assert allowed["Action"] == ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
