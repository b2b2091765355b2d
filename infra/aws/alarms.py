"""The alarms: what an operator has to hear about, and nothing that mends itself."""

from typing import Any, Final

from chalicelib.store import partition_sizes
from infra.aws.references import STACK, Fragment, attribute, choose, ref, text
from infra.aws.resources import FUNCTIONS

_MINUTES: Final = 60
# The metrics of a stack that are its own.
_OWN: Final = "Vulpes/${AWS::StackName}"

# All that it fails at lies in a queue that has an alarm.
WATCHED_BY_DEAD_LETTERS: Final = ("MailFeedback",)


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
        # Of whichever function of the account is furthest behind its stream.
        "EventsLateAlarm": _alarm(
            "Events are carried on, or changes noted, more than five minutes late",
            "AWS/Lambda/IteratorAge",
            {},
            above=5 * 60 * 1000,
            statistic="Maximum",
        ),
        "WritesThrottledAlarm": _table_alarm("WriteThrottleEvents"),
        "ReadsThrottledAlarm": _table_alarm("ReadThrottleEvents"),
        **{
            f"{name}ErrorsAlarm": _function_alarm(name, "Errors", "failed")
            for name in FUNCTIONS
            if name not in WATCHED_BY_DEAD_LETTERS
        },
        # Of all functions of the account, which share what may run at once: whoever is throttled, it is everybody's.
        "ThrottlesAlarm": _alarm("Lambda throttled functions of this account", "AWS/Lambda/Throttles", {}, above=2),
        **{f"{queue}AgeAlarm": _dead_letters_age(queue) for queue in ("MediaDeadLetters", "EventDeadLetters")},
        "MailsAlarm": _alarm(
            "More mails a day than MailsADay: raise the quota of SES, or look who sends them",
            "AWS/SES/Send",
            {},
            above=ref("MailsADay"),
            minutes=24 * 60,
        ),
        "LargePartitionsAlarm": _alarm(
            "A partition of the table holds 5 GB of its 10 (docs/operations.md, Limits); the log names it",
            f"{_OWN}/LargePartitions",
            {},
            above=0,
        ),
        **{f"{name}LargePartitions": _told_in_log(name) for name in FUNCTIONS},
    }


def _dead_letters_age(queue: str) -> Fragment:
    """They are thrown away after a fortnight, and an alarm that stays on is forgotten: this one goes off half-way."""
    return _alarm(
        f"{queue} holds something for a week; in another week it is lost",
        "AWS/SQS/ApproximateAgeOfOldestMessage",
        {"QueueName": attribute(queue, "QueueName")},
        above=7 * 24 * 60 * _MINUTES,
        statistic="Maximum",
        minutes=60,
    )


def _told_in_log(function: str) -> Fragment:
    """Counts what a function writes into its log of partitions that are half full (store/partition_sizes.py)."""
    return {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": ref(f"{function}Logs"),
            "FilterPattern": f'"{partition_sizes.TOLD}"',
            "MetricTransformations": [
                {"MetricNamespace": text(_OWN), "MetricName": "LargePartitions", "MetricValue": "1"}
            ],
        },
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


def _alarm(
    description: str,
    metric: str,
    dimensions: dict[str, Any],
    above: int | Fragment,
    statistic: str = "Sum",
    minutes: int = 5,
) -> Fragment:
    namespace, _, metric_name = metric.rpartition("/")
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": description,
            "Namespace": text(namespace) if "$" in namespace else namespace,
            "MetricName": metric_name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": statistic,
            "Period": minutes * _MINUTES,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": above,
            "TreatMissingData": "notBreaching",
            "AlarmActions": choose("HasAlarmTopic", [ref("AlarmTopicArn")]),
            "OKActions": choose("HasAlarmTopic", [ref("AlarmTopicArn")]),
        },
    }
