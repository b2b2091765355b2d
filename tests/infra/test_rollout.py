"""A new version takes over by and by, and the one before comes back by one command."""

from typing import Any

import pytest

from infra.aws.account import DeploymentError
from infra.aws.rollback import roll_back

Template = dict[str, Any]


class Missing(Exception):
    pass


class Functions:
    """Lambda, as far as a rollback asks for it."""

    class exceptions:
        ResourceNotFoundException = Missing

    def __init__(self, *versions: int, answers: int, shifting: bool = False) -> None:
        self.versions = versions
        self.answers = str(answers)
        self.shifting = shifting

    def get_alias(self, FunctionName: str, Name: str) -> dict[str, Any]:
        if FunctionName != "vulpes-prod-api":
            raise Missing
        assert Name == "live"
        weights = {"AdditionalVersionWeights": {"9": 0.1}} if self.shifting else {}
        return {"FunctionVersion": self.answers, "RoutingConfig": weights, "RevisionId": "as read"}

    def get_paginator(self, name: str) -> "Functions":
        assert name == "list_versions_by_function"
        return self

    def paginate(self, FunctionName: str) -> list[dict[str, Any]]:
        return [{"Versions": [{"Version": "$LATEST"}]}, {"Versions": [{"Version": str(one)} for one in self.versions]}]

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str, RevisionId: str) -> None:
        assert RevisionId == "as read", "somebody else's change is not undone"
        self.answers = FunctionVersion


def test_the_alias_answers_and_moves_on_under_the_eyes_of_the_alarms(template: Template) -> None:
    properties = template["Resources"]["APIHandler"]["Properties"]
    assert properties["AutoPublishAlias"] == "live"
    alarms = [alarm["Ref"] for alarm in properties["DeploymentPreference"]["Alarms"]]
    assert {template["Resources"][name]["Type"] for name in alarms} == {"AWS::CloudWatch::Alarm"}
    document = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    (method,) = document["paths"]["/{proxy+}"].values()
    assert method["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"].endswith("-api:live/invocations")
    allowed = template["Resources"]["APIHandlerInvokePermission"]["Properties"]["FunctionName"]
    assert allowed == {"Ref": "APIHandler.Alias"}


def test_where_something_is_tried_out_it_takes_over_at_once(template: Template) -> None:
    told = template["Parameters"]["Rollout"]
    assert told["Default"] == "CodeDeployDefault.LambdaAllAtOnce"
    assert told["Default"] in told["AllowedValues"]


def test_the_version_before_answers_again() -> None:
    functions = Functions(1, 2, 5, 7, answers=7)
    assert roll_back(functions, "prod") == ("7", "5")
    assert roll_back(functions, "prod") == ("5", "2")


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(DeploymentError, match="no version before 1"):
        roll_back(Functions(1, answers=1), "prod")
    with pytest.raises(DeploymentError, match="under way"):
        roll_back(Functions(7, 9, answers=7, shifting=True), "prod")
    with pytest.raises(DeploymentError, match="no vulpes-dev-api"):
        roll_back(Functions(1, 2, answers=2), "dev")
