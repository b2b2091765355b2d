"""What the stack consists of besides functions and API: table, bucket, queues, logs."""

from typing import Final

from chalicelib.store.indexes import INDEXES
from infra.aws import ffmpeg_layer
from infra.aws.references import Fragment, attribute, choose, ref, text
from infra.aws.runtime import Runtime

# The function's name in the template, the end of its name on AWS, and its timeout in seconds (.chalice/config.json).
FUNCTIONS: Final = {
    "APIHandler": "api",
    "Media": "media",
    "CarryEvents": "carry-events",
    "Audit": "audit",
    "Sweep": "sweep",
    "LookAfterLive": "look-after-live",
    "Deliver": "deliver",
    "MailFeedback": "mail-feedback",
}
UPLOADS: Final = "uploads/"
ANSWERS: Final = "answers/"
MEDIA_SECONDS: Final = 900
DELIVER_SECONDS: Final = 60
_DAY: Final = 86_400
FILES_NAME: Final = "${AWS::StackName}-files-${AWS::AccountId}"


def resources(log_days: int, site_url: Fragment, runtime: Runtime) -> Fragment:
    """The resources by name; `log_days` is how long logs are kept, `site_url` the address of the web interface."""
    return {
        "Table": _table(),
        "FfmpegLayer": _ffmpeg(runtime),
        "Files": _files(site_url),
        "FilesPolicy": _files_policy(),
        "MediaQueue": _queue("MediaDeadLetters", MEDIA_SECONDS, 3),
        "MediaQueuePolicy": _media_queue_policy(),
        "MediaDeadLetters": _dead_letters(),
        "EventDeadLetters": _dead_letters(),
        "OutboxQueue": _queue("OutboxDeadLetters", DELIVER_SECONDS, 5),
        "OutboxDeadLetters": _dead_letters(),
        **{f"{name}Logs": _logs(end, log_days) for name, end in FUNCTIONS.items()},
    }


def outputs() -> Fragment:
    """The outputs by name; Chalice adds those of the API."""
    return {
        "TableName": {"Value": ref("TableName")},
        # SAM resolves it while it expands the template: what is told here is what was meant.
        "Rollout": {"Value": ref("Rollout")},
        "FilesBucket": {"Value": ref("Files")},
        "MediaQueueUrl": {"Value": ref("MediaQueue")},
        "MediaDeadLettersUrl": {"Value": ref("MediaDeadLetters")},
        "OutboxDeadLettersUrl": {"Value": ref("OutboxDeadLetters")},
        "EventDeadLettersUrl": {"Value": ref("EventDeadLetters")},
    }


def _ffmpeg(runtime: Runtime) -> Fragment:
    """The layer of the media function; a version goes when another takes its place, functions that have it keep it."""
    return {
        "Type": "AWS::Serverless::LayerVersion",
        "Properties": {
            "LayerName": text("${AWS::StackName}-ffmpeg"),
            "Description": "ffmpeg, one static program: bin/ffmpeg",
            "ContentUri": f"./{ffmpeg_layer.NAME}",
            "CompatibleRuntimes": [runtime.label],
            "CompatibleArchitectures": [runtime.architecture],
            "RetentionPolicy": "Delete",
        },
    }


def _table() -> Fragment:
    attributes = ["pk", "sk", *INDEXES]
    return {
        "Type": "AWS::DynamoDB::Table",
        "Condition": "OwnTable",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "TableName": ref("TableName"),
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in attributes],
            "KeySchema": _keys("sk"),
            "LocalSecondaryIndexes": [
                {
                    "IndexName": index.name,
                    "KeySchema": _keys(attribute),
                    "Projection": {"ProjectionType": index.projection},
                }
                for attribute, index in INDEXES.items()
            ],
            "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            # The audit tells what was, and what came instead of it.
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        },
    }


def _keys(sort: str) -> list[Fragment]:
    return [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _files(site_url: Fragment) -> Fragment:
    return {
        "Type": "AWS::S3::Bucket",
        # S3 asks whether it may send to the queue at the moment it is told to.
        "DependsOn": ["MediaQueuePolicy"],
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            # The name is composed, because the queue's policy has to know it before the bucket is there.
            "BucketName": text(FILES_NAME),
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}
                ]
            },
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "CorsConfiguration": {
                "CorsRules": [_cors([site_url]), choose("HasMoreOrigins", _cors(ref("CorsOrigins")))]
            },
            "LifecycleConfiguration": {"Rules": _life_cycle()},
            "NotificationConfiguration": {"QueueConfigurations": [_notification()]},
        },
    }


def _cors(origins: Fragment | list[Fragment]) -> Fragment:
    return {
        "AllowedOrigins": origins,
        "AllowedMethods": ["GET", "HEAD", "POST", "PUT"],
        "AllowedHeaders": ["*"],
        # A multipart upload is completed with the tag of each part.
        "ExposedHeaders": ["ETag"],
        "MaxAge": 3600,
    }


def _life_cycle() -> list[Fragment]:
    return [
        {
            "Id": "unfinished-uploads",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
        },
        {
            "Id": "answers",
            "Status": "Enabled",
            "Prefix": ANSWERS,
            "ExpirationInDays": 1,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        },
        {
            "Id": "old-versions",
            "Status": "Enabled",
            "ExpiredObjectDeleteMarker": True,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 35},
        },
    ]


def _notification() -> Fragment:
    return {
        "Event": "s3:ObjectCreated:*",
        "Queue": attribute("MediaQueue", "Arn"),
        "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": UPLOADS}]}},
    }


def _files_policy() -> Fragment:
    refuse_clear_text = {
        "Sid": "EncryptedConnectionsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [attribute("Files", "Arn"), text("${Files.Arn}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [refuse_clear_text]}
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ref("Files"), "PolicyDocument": document}}


def _queue(dead_letters: str, seconds: int, attempts: int) -> Fragment:
    """The queue of a function that runs for so many seconds at most."""
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "SqsManagedSseEnabled": True,
            "MessageRetentionPeriod": 14 * _DAY,
            # Six times the function's timeout, as AWS advises for event sources: a message is not taken twice.
            "VisibilityTimeout": 6 * seconds,
            "RedrivePolicy": {"deadLetterTargetArn": attribute(dead_letters, "Arn"), "maxReceiveCount": attempts},
        },
    }


def _media_queue_policy() -> Fragment:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": attribute("MediaQueue", "Arn"),
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
            "ArnEquals": {"aws:SourceArn": text(f"arn:${{AWS::Partition}}:s3:::{FILES_NAME}")},
        },
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [ref("MediaQueue")], "PolicyDocument": document}}


def _dead_letters() -> Fragment:
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 14 * _DAY},
    }


def _logs(end: str, days: int) -> Fragment:
    return {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {"LogGroupName": text(f"/aws/lambda/${{AWS::StackName}}-{end}"), "RetentionInDays": days},
    }
