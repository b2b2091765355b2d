"""What the gateway notes of requests, for how long, and with whose leave."""

import json
import re
from typing import Any

import pytest

from chalicelib.http.routing import every
from chalicelib.routes import areas
from infra.aws import template as made

Template = dict[str, Any]
APIS = {"RestAPI": ("HasAccessLogs", "ApiAccessLog"), "LiveAPI": ("HasLiveAccessLogs", "LiveAccessLog")}
# What somebody could sign in with, or read files or live events with, is in none of these.
HARMLESS = re.compile(
    r"\$context\.(requestTime|requestId|awsEndpointRequestId|xrayTraceId|httpMethod|resourcePath|path|status"
    r"|responseLatency|responseLength|integrationLatency|integrationStatus|integrationErrorMessage"
    r"|error\.responseType|identity\.(sourceIp|userAgent))"
)
SECRET = re.compile(r"token|secret|session|sid|password|signature|code|key", re.IGNORECASE)


def line(template: Template, api: str) -> dict[str, str]:
    condition, setting, _ = template["Resources"][api]["Properties"]["AccessLogSetting"]["Fn::If"]
    assert condition == APIS[api][0]
    read: dict[str, str] = json.loads(setting["Format"])
    return read


@pytest.mark.parametrize("api", APIS)
def test_a_line_says_what_happened_and_holds_no_secret(template: Template, api: str) -> None:
    told = line(template, api)

    asked = {"request", "method", "resource", "status", "ms", "integration_error", "address", "agent"}
    assert asked <= told.keys()
    assert not [value for value in told.values() if not HARMLESS.fullmatch(value)]
    # The path of a poll is its session, and whoever knows that hears what it hears.
    assert ("path" in told) == (api == "RestAPI")


def test_no_path_of_the_application_holds_a_secret() -> None:
    """Else its path could not be logged; the polls of live events are those of the other API."""
    routes = [route.path for route in every(areas())]
    named = {path for path in routes for name in re.findall(r"\{(\w+)\}", path) if SECRET.search(name)}

    assert named == {"/live/{session_id}"}


@pytest.mark.parametrize("api", APIS)
def test_each_log_is_kept_as_long_as_the_others_of_its_stage(template: Template, api: str) -> None:
    condition, group = APIS[api]
    log = template["Resources"][group]

    assert log["Properties"]["RetentionInDays"] == made.LOG_DAYS["dev"]
    assert log["Condition"] == condition
    _, setting, nothing = template["Resources"][api]["Properties"]["AccessLogSetting"]["Fn::If"]
    # Without the `:*` of the group's own attribute, which API Gateway refuses.
    assert setting["DestinationArn"]["Fn::Sub"].endswith(f":log-group:${{{group}}}")
    assert nothing == {"Ref": "AWS::NoValue"}
    # Functions write theirs under another name.
    assert log["Properties"]["LogGroupName"]["Fn::Sub"].startswith("/aws/apigateway/")


def test_the_role_of_the_account_is_there_before_the_logs_and_stays_for_others(template: Template) -> None:
    for group in ("ApiAccessLog", "LiveAccessLog"):
        (tag,) = template["Resources"][group]["Properties"]["Tags"]
        assert tag["Value"]["Fn::If"][:2] == ["MakesLogRole", {"Ref": "ApiLogAccount"}]
    for name in ("ApiLogRole", "ApiLogAccount"):
        resource = template["Resources"][name]
        assert resource["Condition"] == "MakesLogRole"
        # Also where a first deployment fails: what the account is told must not name a role that is gone.
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_requests_of_the_api_are_logged_where_nobody_says_otherwise(template: Template) -> None:
    asked = template["Parameters"]["AccessLogs"]

    assert (asked["Default"], asked["AllowedValues"]) == ("api", ["none", "api", "all"])
