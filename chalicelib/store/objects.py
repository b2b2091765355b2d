"""The bucket: files of previews, large fields of records, answers that fit no Lambda answer."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from chalicelib.settings import current


@lru_cache(maxsize=1)
def _client() -> Any:
    # A client costs a fifth of a second at a cold start, and most requests need none.
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        region_name=current().region,
        endpoint_url=current().s3_endpoint or None,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path" if current().s3_endpoint else "auto"}),
    )


def forget_client() -> None:
    """Makes the next call build its client anew; tests that change endpoints call it."""
    _client.cache_clear()


def put(key: str, data: bytes, content_type: str = "application/octet-stream", encoding: str = "") -> None:
    """Stores an object."""
    more = {"ContentEncoding": encoding} if encoding else {}
    _client().put_object(Bucket=current().bucket, Key=key, Body=data, ContentType=content_type, **more)


def get(key: str) -> bytes | None:
    """The bytes of an object; None where there is none."""
    client = _client()
    try:
        data: bytes = client.get_object(Bucket=current().bucket, Key=key)["Body"].read()
    except client.exceptions.NoSuchKey:
        return None
    return data


def size(key: str) -> int | None:
    """The size of an object in bytes; None where there is none."""
    client = _client()
    try:
        return int(client.head_object(Bucket=current().bucket, Key=key)["ContentLength"])
    except client.exceptions.ClientError as problem:
        if problem.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return None
        raise


def delete(keys: Iterable[str]) -> None:
    """Deletes objects; those that are gone already are no error."""
    wanted = list(keys)
    for start in range(0, len(wanted), 1000):
        part = [{"Key": key} for key in wanted[start : start + 1000]]
        _client().delete_objects(Bucket=current().bucket, Delete={"Objects": part, "Quiet": True})


def link(key: str, seconds: int = 3600, **headers: str) -> str:
    """A presigned address for a GET; `headers` are response headers, `ResponseContentType` say."""
    wanted = {"Bucket": current().bucket, "Key": key, **headers}
    address: str = _client().generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
    return address


def upload_form(key: str, limit: int, seconds: int = 3600) -> dict[str, Any]:
    """A presigned POST: `{url, fields}` that lets its holder store one object of at most `limit` bytes there."""
    form: dict[str, Any] = _client().generate_presigned_post(
        current().bucket, key, Conditions=[["content-length-range", 1, limit]], ExpiresIn=seconds
    )
    return form
