"""The template: limits of CloudFormation and API Gateway, and that it fits the code it deploys."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.store import partition_sizes, table
from infra.aws import alarms, live
from infra.aws.package import Package

Template = dict[str, Any]


def test_the_api_has_two_greedy_resources_that_take_every_method(template: Template) -> None:
    document = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]

    assert set(document["paths"]) == {"/", "/{proxy+}"}
    assert all(list(methods) == ["x-amazon-apigateway-any-method"] for methods in document["paths"].values())


def test_the_api_hands_on_uploads_as_they_are(template: Template) -> None:
    document = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]

    assert {"*/*", "multipart/form-data"} & set(document["x-amazon-apigateway-binary-media-types"])


def test_clients_reach_the_api_under_api(template: Template) -> None:
    assert template["Resources"]["RestAPI"]["Properties"]["StageName"] == "api"
    assert template["Outputs"]["EndpointURL"]["Value"]["Fn::Sub"].endswith("/api/")


def test_it_keeps_the_limits_of_cloudformation(packaged: Package, template: Template) -> None:
    assert packaged.template.stat().st_size < 200_000
    # SAM makes a few resources of each function and API: permissions, mappings, a deployment, a stage.
    assert len(template["Resources"]) < 200
    assert len(template["Parameters"]) < 200
    assert len(template["Outputs"]) < 200


def test_the_linter_finds_nothing_before_and_after_the_transform(
    packaged: Package, expanded: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAM's transform makes resources of functions and APIs: circles between them show only then."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    after = tmp_path / "expanded.json"
    after.write_text(json.dumps(expanded))
    # CloudFormation takes 500 resources and 1 MB.
    assert len(expanded["Resources"]) < 200
    assert after.stat().st_size < 400_000

    linter = Path(sys.executable).with_name("cfn-lint")
    found = subprocess.run([linter, "--", packaged.template, after], check=False, capture_output=True, text=True)
    assert found.stdout + found.stderr == ""
    assert found.returncode == 0


def test_the_table_is_the_one_that_the_store_declares(template: Template) -> None:
    properties = template["Resources"]["Table"]["Properties"]
    indexes = {
        index["IndexName"]: (_sorted_by(index["KeySchema"]), index["Projection"]["ProjectionType"])
        for index in properties["LocalSecondaryIndexes"]
    }

    assert indexes == {
        index["index_name"]: (_sorted_by(index["key_schema"]), index["projection"]["ProjectionType"])
        for index in table.Item._get_schema()["local_secondary_indexes"]
    }
    assert {name for name, (_, projection) in indexes.items() if projection == "KEYS_ONLY"} == {"lsi2", "lsi3", "lsi4"}
    assert [key["AttributeName"] for key in properties["KeySchema"]] == ["pk", "sk"]
    assert properties["StreamSpecification"]["StreamViewType"] == table.Item.Meta.stream_view_type
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def _sorted_by(key_schema: list[dict[str, str]]) -> str:
    (attribute,) = (key["AttributeName"] for key in key_schema if key["KeyType"] == "RANGE")
    return attribute


def test_what_holds_data_outlives_the_stack(template: Template) -> None:
    for name in ("Table", "Files", "SenderIdentity"):
        # What a creation made that failed holds nothing yet, and would stand in the way of the next one.
        assert template["Resources"][name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert template["Resources"][name]["UpdateReplacePolicy"] == "Retain"
    # `make deploy` switches the protection on, when the table is there for good.
    assert "DeletionProtectionEnabled" not in template["Resources"]["Table"]["Properties"]


def test_a_file_is_not_taken_twice_while_it_is_worked_on(template: Template, functions: Template) -> None:
    for queue, function in (("MediaQueue", "Media"), ("OutboxQueue", "Deliver")):
        waits = template["Resources"][queue]["Properties"]["VisibilityTimeout"]

        assert waits >= 6 * functions[function]["Timeout"]


def test_api_gateway_does_not_give_up_before_the_function(functions: Template) -> None:
    assert functions["APIHandler"]["Timeout"] <= 29


def test_sources_of_events_are_resources_of_the_stack(functions: Template) -> None:
    (media,) = functions["Media"]["Events"].values()
    (events,) = functions["CarryEvents"]["Events"].values()
    (sweep,) = functions["Sweep"]["Events"].values()
    (live_schedule,) = functions["LookAfterLive"]["Events"].values()
    (deliver,) = functions["Deliver"]["Events"].values()

    assert deliver["Properties"]["Queue"] == {"Fn::GetAtt": ["OutboxQueue", "Arn"]}
    assert media["Properties"]["Queue"] == {"Fn::GetAtt": ["MediaQueue", "Arn"]}
    assert events["Properties"]["Stream"]["Fn::If"][1] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert events["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] == "EventDeadLetters"
    assert sweep["Type"] == live_schedule["Type"] == "Schedule"


def test_the_audit_is_called_for_records_alone_and_waits_for_more(template: Template, functions: Template) -> None:
    (changes,) = functions["Audit"]["Events"].values()
    (chosen,) = changes["Properties"]["FilterCriteria"]["Filters"]
    suffixes = {one["suffix"] for one in json.loads(chosen["Pattern"])["dynamodb"]["Keys"]["pk"]["S"]}

    assert {"#task", "#person"} <= suffixes
    assert suffixes.isdisjoint({"#api_event", "#notification", "#guard", "#job"})
    assert len(chosen["Pattern"]) <= 4096
    assert (changes["Properties"]["BatchSize"], changes["Properties"]["MaximumBatchingWindowInSeconds"]) == (500, 10)
    table = template["Resources"]["Table"]["Properties"]
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_letters_that_come_back_are_told_to_their_function(template: Template, functions: Template) -> None:
    resources = template["Resources"]
    topic, lost = {"Ref": "MailFeedbackTopic"}, {"Fn::GetAtt": ["EventDeadLetters", "Arn"]}
    destination = resources["MailFeedbackDestination"]
    told = destination["Properties"]["EventDestination"]
    assert (told["MatchingEventTypes"], told["SnsDestination"]) == (["bounce", "complaint"], {"TopicARN": topic})

    # SES alone publishes, for the configuration set of this stack; and it has to be allowed to at once.
    assert destination["DependsOn"] == ["MailFeedbackTopicPolicy"]
    (publish,) = resources["MailFeedbackTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (publish["Principal"], publish["Resource"]) == ({"Service": "ses.amazonaws.com"}, topic)
    source = publish["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]
    assert source.endswith(f":configuration-set/{resources['MailSet']['Properties']['Name']['Fn::Sub']}")

    (heard,) = functions["MailFeedback"]["Events"].values()
    assert heard["Type"] == "SNS"
    assert heard["Properties"] == {"Topic": topic, "RedrivePolicy": {"deadLetterTargetArn": lost}}
    assert functions["MailFeedback"]["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": lost}
    (lose,) = resources["EventDeadLettersPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (lose["Resource"], lose["Condition"]) == (lost, {"ArnEquals": {"aws:SourceArn": topic}})
    assert functions["MailFeedback"]["Environment"]["Variables"]["VULPES_MAIL_TOPIC"] == topic


def test_the_environment_is_what_the_settings_read(root: Path, functions: Template) -> None:
    read = set(re.findall(r'"(VULPES_\w+)"', (root / "chalicelib" / "settings.py").read_text()))

    for properties in functions.values():
        names = set(properties["Environment"]["Variables"])
        assert names <= read
        assert {"VULPES_TABLE", "VULPES_BUCKET", "VULPES_TOKEN_SECRETS_PARAMETER"} <= names


def test_no_secret_stands_in_the_template(template: Template, functions: Template) -> None:
    for properties in functions.values():
        variables = properties["Environment"]["Variables"]
        assert "VULPES_TOKEN_SECRETS" not in variables
        assert not [value for value in variables.values() if isinstance(value, str) and len(value) > 30]
    assert not [name for name in template["Parameters"] if name.endswith(("Secret", "Secrets", "Password", "Key"))]


def test_every_dead_letter_and_every_function_has_an_alarm(template: Template, functions: Template) -> None:
    watched = str([what for what in template["Resources"].values() if what["Type"] == "AWS::CloudWatch::Alarm"])

    queues = {"MediaDeadLetters", "EventDeadLetters", "OutboxDeadLetters"}
    for name in (functions.keys() | queues) - set(alarms.WATCHED_BY_DEAD_LETTERS):
        assert f"'{name}'" in watched
    for name in alarms.WATCHED_BY_DEAD_LETTERS:
        assert functions[name]["DeadLetterQueue"]["TargetArn"]["Fn::GetAtt"][0] in queues


def test_alarms_tell_of_growth_before_it_is_too_much(template: Template, functions: Template) -> None:
    resources = template["Resources"]

    def properties(name: str) -> Template:
        found: Template = resources[name]["Properties"]
        return found

    for queue in ("MediaDeadLetters", "EventDeadLetters"):
        kept = properties(queue)["MessageRetentionPeriod"]
        assert 0 < properties(f"{queue}AgeAlarm")["Threshold"] <= kept / 2
    assert properties("MailsAlarm")["Threshold"] == {"Ref": "MailsADay"}
    metric = properties("LargePartitionsAlarm")
    for function in functions:
        counted = properties(f"{function}LargePartitions")
        assert counted["LogGroupName"] == {"Ref": f"{function}Logs"}
        assert counted["FilterPattern"] == f'"{partition_sizes.TOLD}"'
        (told,) = counted["MetricTransformations"]
        assert (told["MetricNamespace"], told["MetricName"]) == (metric["Namespace"], metric["MetricName"])


def test_polls_of_live_events_are_answered_without_a_function(template: Template, functions: Template) -> None:
    api = template["Resources"]["LiveAPI"]["Properties"]
    poll = api["DefinitionBody"]["paths"]["/{sid}"]["get"]
    integration = poll["x-amazon-apigateway-integration"]

    assert api["StageName"] == "live"
    assert integration["type"] == "aws"
    assert integration["uri"]["Fn::Sub"].endswith(":sqs:path//")
    assert live.WAIT_SECONDS * 1000 < integration["timeoutInMillis"] < 29_000
    # Of bytes API Gateway makes base64 before it maps them.
    assert "x-amazon-apigateway-binary-media-types" not in api["DefinitionBody"]
    for answer in integration["responses"].values():
        told = {name.removeprefix("method.response.header.") for name in answer["responseParameters"]}
        assert told == set(poll["responses"][answer["statusCode"]]["headers"])
    for name in ("APIHandler", "CarryEvents"):
        assert functions[name]["Environment"]["Variables"]["VULPES_LIVE_QUEUES"] == {"Fn::Sub": live.QUEUES}


def test_errors_of_the_gateway_may_be_read_by_the_page_that_asked(template: Template) -> None:
    for api in ("RestAPI", "LiveAPI"):
        document = template["Resources"][api]["Properties"]["DefinitionBody"]
        answers = document["x-amazon-apigateway-gateway-responses"]
        assert set(answers) == {"DEFAULT_4XX", "DEFAULT_5XX"}
        for answer in answers.values():
            headers = answer["responseParameters"]
            assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "method.request.header.Origin"
            assert headers["gatewayresponse.header.Access-Control-Allow-Credentials"] == "'true'"


def test_all_functions_run_the_pinned_runtime_whatever_python_packages(template: Template, functions: Template) -> None:
    assert {function["Runtime"] for function in functions.values()} == {"python3.13"}
    assert [function["Architectures"] for function in functions.values()] == [["arm64"]] * len(functions)
    layer = template["Resources"]["FfmpegLayer"]["Properties"]
    assert (layer["CompatibleRuntimes"], layer["CompatibleArchitectures"]) == (["python3.13"], ["arm64"])
    assert template["Outputs"]["Runtime"]["Value"] == "python3.13/arm64"


def test_each_api_takes_so_much_and_no_more(template: Template) -> None:
    for api in ("RestAPI", "LiveAPI"):
        (settings,) = template["Resources"][api]["Properties"]["MethodSettings"]
        assert 0 < settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"]
