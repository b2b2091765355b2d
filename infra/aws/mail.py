"""What mails are sent through, and how those that come back are heard of."""

from typing import Final

from infra.aws.references import Fragment, attribute, ref, text

_NAME: Final = "${AWS::StackName}-mail"
_SET: Final = f"arn:${{AWS::Partition}}:ses:${{AWS::Region}}:${{AWS::AccountId}}:configuration-set/{_NAME}"
TOPIC: Final = "MailFeedbackTopic"
# Those of all events: they have an alarm, and an alarm costs more than all mails of a studio.
DEAD_LETTERS: Final = "EventDeadLetters"


def resources() -> Fragment:
    """The resources by name."""
    return {
        "MailSet": {
            "Type": "AWS::SES::ConfigurationSet",
            "Properties": {"Name": text(_NAME), "ReputationOptions": {"ReputationMetricsEnabled": True}},
        },
        "SenderIdentity": {
            "Type": "AWS::SES::EmailIdentity",
            "Condition": "MakesMailIdentity",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "EmailIdentity": ref("MailIdentity"),
                "ConfigurationSetAttributes": {"ConfigurationSetName": ref("MailSet")},
            },
        },
        "MailFeedbackDestination": _destination(),
        TOPIC: {"Type": "AWS::SNS::Topic"},
        "MailFeedbackTopicPolicy": _topic_policy(),
        "EventDeadLettersPolicy": _dead_letters_policy(),
    }


def source() -> Fragment:
    """What the event of the function that hears of them is wired to."""
    return {"Topic": ref(TOPIC), "RedrivePolicy": {"deadLetterTargetArn": attribute(DEAD_LETTERS, "Arn")}}


def _destination() -> Fragment:
    return {
        "Type": "AWS::SES::ConfigurationSetEventDestination",
        # SES says hello to the topic at the moment it is told of it.
        "DependsOn": ["MailFeedbackTopicPolicy"],
        "Properties": {
            "ConfigurationSetName": ref("MailSet"),
            "EventDestination": {
                "Name": "feedback",
                "Enabled": True,
                "MatchingEventTypes": ["bounce", "complaint"],
                "SnsDestination": {"TopicARN": ref(TOPIC)},
            },
        },
    }


def _topic_policy() -> Fragment:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": ref(TOPIC),
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId"), "aws:SourceArn": text(_SET)}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [ref(TOPIC)], "PolicyDocument": document}}


def _dead_letters_policy() -> Fragment:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": attribute(DEAD_LETTERS, "Arn"),
        "Condition": {"ArnEquals": {"aws:SourceArn": ref(TOPIC)}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [ref(DEAD_LETTERS)], "PolicyDocument": document}}
