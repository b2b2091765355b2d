"""The bucket: files of previews, large fields of records, answers that fit no Lambda answer."""

import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.settings import current

_making = threading.Lock()


class Listed(NamedTuple):
    """An object in a listing; `modified` in seconds since 1970."""

    key: str
    size: int
    modified: float


def _client() -> Any:
    # Several threads may be the first at once, and the library's session is not made for that.
    with _making:
        return _made_client(current().s3_endpoint, current().region)


@lru_cache(maxsize=2)
def _made_client(endpoint: str, region: str) -> Any:
    # A client costs a fifth of a second at a cold start, and most requests need none.
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        region_name=region,
        endpoint_url=endpoint or None,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path" if endpoint else "auto"}),
    )


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


def put_file(key: str, path: str, content_type: str = "application/octet-stream") -> None:
    """Stores a file of this machine, in parts where it is large."""
    _client().upload_file(path, current().bucket, key, ExtraArgs={"ContentType": content_type})


def fetch(key: str, path: str) -> bool:
    """Brings an object into a file of this machine; False where there is none."""
    client = _client()
    try:
        client.download_file(current().bucket, key, path)
    except client.exceptions.ClientError as problem:
        if problem.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True


def copy(source: str, target: str, content_type: str = "application/octet-stream") -> None:
    """Copies an object inside the bucket, in parts where it is large."""
    bucket = current().bucket
    more = {"ContentType": content_type, "MetadataDirective": "REPLACE"}
    _client().copy({"Bucket": bucket, "Key": source}, bucket, target, ExtraArgs=more)


def listed(prefix: str) -> Iterator[Listed]:
    """The objects whose keys begin so."""
    pages = _client().get_paginator("list_objects_v2").paginate(Bucket=current().bucket, Prefix=prefix)
    for page in pages:
        for found in page.get("Contents", ()):
            yield Listed(found["Key"], found["Size"], found["LastModified"].timestamp())


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


def begin_parts(key: str, count: int, seconds: int) -> tuple[str, list[str]]:
    """Begins an upload in parts: its id, and a presigned address to PUT each part to."""
    client = _client()
    wanted = {"Bucket": current().bucket, "Key": key}
    upload_id: str = client.create_multipart_upload(**wanted)["UploadId"]
    addresses = [
        client.generate_presigned_url(
            "upload_part",
            Params={**wanted, "UploadId": upload_id, "PartNumber": number},
            ExpiresIn=seconds,
        )
        for number in range(1, count + 1)
    ]
    return upload_id, addresses


def finish_parts(key: str, upload_id: str, most: int) -> bool:
    """Joins the parts that arrived; False where there is no such upload, nothing of it, or more than `most` bytes."""
    client = _client()
    wanted = {"Bucket": current().bucket, "Key": key, "UploadId": upload_id}
    try:
        pages = client.get_paginator("list_parts").paginate(**wanted)
        arrived = [part for page in pages for part in page.get("Parts", ())]
        if not arrived or sum(part["Size"] for part in arrived) > most:
            return False
        parts = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in arrived]
        client.complete_multipart_upload(**wanted, MultipartUpload={"Parts": parts})
    except client.exceptions.NoSuchUpload:
        return False
    return True


def give_up_parts(key: str, upload_id: str) -> None:
    """Drops an upload in parts; no error where it is gone."""
    client = _client()
    try:
        client.abort_multipart_upload(Bucket=current().bucket, Key=key, UploadId=upload_id)
    except client.exceptions.NoSuchUpload:
        return
