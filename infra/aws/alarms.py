"""The alarms: what an operator has to hear about, and nothing that mends itself."""

from typing import Any, Final

from infra.aws.references import STACK, Fragment, attribute, choose, ref
from infra.aws.resources import FUNCTIONS

_MINUTES: Final = 60


def alarms(api_stage: str) -> Fragment:
    """The alarms by name; `api_stage` is the name of the API's stage."""
    api = {"ApiName": STACK, "Stage": api_stage}
    return {
        "MediaDeadLettersAlarm": _dead_letters(
            "MediaDeadLetters", "Three times a file could not be made into pictures"
        ),
        "EventDeadLettersAlarm": _dead_letters("EventDeadLetters", "Events were not carried on; followers miss them"),
        "OutboxDeadLettersAlarm": _dead_letters(
            "OutboxDeadLetters", "Five times nobody could send what waits for a webhook or a chat service"
        ),
        "ServerErrorsAlarm": _alarm(
            "The API answered 5xx five times in five minutes", "AWS/ApiGateway/5XXError", api, above=4
        ),
        "EventsLateAlarm": _alarm(
            "Events are carried on more than five minutes late",
            "AWS/Lambda/IteratorAge",
            {"FunctionName": ref("CarryEvents")},
            above=5 * 60 * 1000,
            statistic="Maximum",
        ),
        "AuditLateAlarm": _alarm(
            "Changes are told more than an hour late: after a day they are lost",
            "AWS/Lambda/IteratorAge",
            {"FunctionName": ref("Audit")},
            above=60 * 60 * 1000,
            statistic="Maximum",
        ),
        "WritesThrottledAlarm": _table_alarm("WriteThrottleEvents"),
        "ReadsThrottledAlarm": _table_alarm("ReadThrottleEvents"),
        **{f"{name}ErrorsAlarm": _function_alarm(name, "Errors", "failed") for name in FUNCTIONS},
        **{f"{name}ThrottlesAlarm": _function_alarm(name, "Throttles", "was throttled") for name in FUNCTIONS},
    }


def _dead_letters(queue: str, description: str) -> Fragment:
    dimensions = {"QueueName": attribute(queue, "QueueName")}
    metric = "AWS/SQS/ApproximateNumberOfMessagesVisible"
    return _alarm(description, metric, dimensions, above=0, statistic="Maximum")


def _function_alarm(function: str, metric: str, what: str) -> Fragment:
    description = f"{function} {what} more than twice in five minutes"
    return _alarm(description, f"AWS/Lambda/{metric}", {"FunctionName": ref(function)}, above=2)


def _table_alarm(metric: str) -> Fragment:
    description = "The table throttles: a partition passes its limit, or the account's quota is too small"
    return _alarm(description, f"AWS/DynamoDB/{metric}", {"TableName": ref("TableName")}, above=10)


def _alarm(description: str, metric: str, dimensions: dict[str, Any], above: int, statistic: str = "Sum") -> Fragment:
    namespace, _, metric_name = metric.rpartition("/")
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": description,
            "Namespace": namespace,
            "MetricName": metric_name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": statistic,
            "Period": 5 * _MINUTES,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": above,
            "TreatMissingData": "notBreaching",
            "AlarmActions": choose("HasAlarmTopic", [ref("AlarmTopicArn")]),
            "OKActions": choose("HasAlarmTopic", [ref("AlarmTopicArn")]),
        },
    }
