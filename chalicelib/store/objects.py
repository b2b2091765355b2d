"""The bucket: files of previews, large fields of records, answers that fit no Lambda answer."""

import logging
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from chalicelib.errors import Unavailable
from chalicelib.settings import current
from chalicelib.store import rehearsal

# The bucket begins to answer within a second even where it has a large object to join.
CONNECT_SECONDS: Final = 2.0
ANSWER_SECONDS: Final = 8.0
# An upload holds ten thousand parts at most, so that an object may have 160 GB.
_PART_BYTES: Final = 16_000_000
_log = logging.getLogger("vulpes.store")
_making = threading.Lock()


class Listed(NamedTuple):
    """An object in a listing; `modified` in seconds since 1970, `tag` changes whenever the bytes do."""

    key: str
    size: int
    modified: float
    tag: str = ""


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
        config=Config(
            signature_version="s3v4",
            # The bucket's own host in its region: at the global one, signatures of most regions hold only after a
            # redirect, which no upload of a browser follows.
            s3={"addressing_style": "path" if endpoint else "virtual", "us_east_1_regional_endpoint": "regional"},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )


@contextmanager
def _asked() -> Iterator[Any]:
    """The client; whatever goes wrong with it is Unavailable."""
    client = _client()
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield client
    except (Boto3Error, BotoCoreError, ClientError) as problem:
        _log.warning("The bucket does not do what it is asked for: %s", problem)
        raise Unavailable("The files cannot be reached right now. Try again.") from problem


def put(key: str, data: bytes, content_type: str = "application/octet-stream", encoding: str = "") -> None:
    """Stores an object."""
    rehearsal.refuse()
    more = {"ContentEncoding": encoding} if encoding else {}
    with _asked() as client:
        client.put_object(Bucket=current().bucket, Key=key, Body=data, ContentType=content_type, **more)


def get(key: str) -> bytes | None:
    """The bytes of an object; None where there is none."""
    with _asked() as client:
        try:
            data: bytes = client.get_object(Bucket=current().bucket, Key=key)["Body"].read()
        except client.exceptions.NoSuchKey:
            return None
    return data


def put_file(key: str, path: str, content_type: str = "application/octet-stream") -> None:
    """Stores a file of this machine, in parts where it is large."""
    rehearsal.refuse()
    with _asked() as client:
        client.upload_file(path, current().bucket, key, ExtraArgs={"ContentType": content_type})


def chunks(key: str, size: int = 1_000_000) -> Iterator[bytes]:
    """The bytes of an object, so many at a time; nothing where there is none."""
    with _asked() as client:
        try:
            body = client.get_object(Bucket=current().bucket, Key=key)["Body"]
        except client.exceptions.NoSuchKey:
            return
        yield from body.iter_chunks(size)


def put_chunks(key: str, data: Iterable[bytes], content_type: str = "application/octet-stream") -> int:
    """Stores an object as its bytes come, in parts; gives its size. It is there as a whole or not at all.

    Holds three parts at most: one is gathered while another is on its way.
    """
    rehearsal.refuse()
    parts = _parts_of(data)
    first, second = next(parts, b""), next(parts, None)
    if second is None:
        put(key, first, content_type)
        return len(first)
    wanted = {"Bucket": current().bucket, "Key": key}
    with _asked() as client:
        upload_id: str = client.create_multipart_upload(**wanted, ContentType=content_type)["UploadId"]
    try:
        return _put_parts(key, upload_id, chain((first, second), parts))
    except BaseException:
        give_up_parts(key, upload_id)
        raise


def _parts_of(data: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for chunk in data:
        gathered += chunk
        if len(gathered) >= _PART_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _put_parts(key: str, upload_id: str, parts: Iterable[bytes]) -> int:
    wanted = {"Bucket": current().bucket, "Key": key, "UploadId": upload_id}
    sent: list[dict[str, Any]] = []
    size = 0
    with _asked() as client, ThreadPoolExecutor(max_workers=1) as sender:
        before = None
        for number, part in enumerate(parts, 1):
            if before is not None:
                sent.append({"PartNumber": number - 1, "ETag": before.result()["ETag"]})
            before = sender.submit(client.upload_part, **wanted, PartNumber=number, Body=part)
            size += len(part)
        if before is not None:
            sent.append({"PartNumber": len(sent) + 1, "ETag": before.result()["ETag"]})
        client.complete_multipart_upload(**wanted, MultipartUpload={"Parts": sent})
    return size


def fetch(key: str, path: str) -> bool:
    """Brings an object into a file of this machine; False where there is none."""
    with _asked() as client:
        try:
            client.download_file(current().bucket, key, path)
        except client.exceptions.ClientError as problem:
            if _is_missing(problem):
                return False
            raise
    return True


def _is_missing(problem: Any) -> bool:
    return bool(problem.response["ResponseMetadata"]["HTTPStatusCode"] == 404)


def copy(source: str, target: str, content_type: str = "application/octet-stream") -> None:
    """Copies an object inside the bucket, in parts where it is large."""
    rehearsal.refuse()
    bucket = current().bucket
    more = {"ContentType": content_type, "MetadataDirective": "REPLACE"}
    with _asked() as client:
        client.copy({"Bucket": bucket, "Key": source}, bucket, target, ExtraArgs=more)


def listed(prefix: str, after: str = "") -> Iterator[Listed]:
    """The objects whose keys begin so, in the order of their keys; `after` which key the listing begins."""
    wanted = {"Bucket": current().bucket, "Prefix": prefix, **({"StartAfter": after} if after else {})}
    with _asked() as client:
        for page in client.get_paginator("list_objects_v2").paginate(**wanted):
            for found in page.get("Contents", ()):
                yield Listed(found["Key"], found["Size"], found["LastModified"].timestamp(), found["ETag"])


def size(key: str) -> int | None:
    """The size of an object in bytes; None where there is none."""
    with _asked() as client:
        try:
            return int(client.head_object(Bucket=current().bucket, Key=key)["ContentLength"])
        except client.exceptions.ClientError as problem:
            if _is_missing(problem):
                return None
            raise


def content_type(key: str) -> str:
    """What an object is stored as; of one that is gone, bytes."""
    with _asked() as client:
        try:
            told: str = client.head_object(Bucket=current().bucket, Key=key)["ContentType"]
        except client.exceptions.ClientError as problem:
            if _is_missing(problem):
                return "application/octet-stream"
            raise
    return told


def delete(keys: Iterable[str]) -> None:
    """Deletes objects; those that are gone already are no error."""
    rehearsal.refuse()
    wanted = list(keys)
    for start in range(0, len(wanted), 1000):
        part = [{"Key": key} for key in wanted[start : start + 1000]]
        with _asked() as client:
            client.delete_objects(Bucket=current().bucket, Delete={"Objects": part, "Quiet": True})


def discard(wanted: Iterable[str]) -> None:
    """Deletes objects that nothing names any more; what cannot be reached now is noted, and the sweep's to find."""
    gone = list(wanted)
    try:
        delete(gone)
    # Whatever it is: an object too many harms nobody.
    except Exception:
        _log.exception("Objects that nothing names any more stay behind: %s", gone)


def link(key: str, seconds: int = 3600, **headers: str) -> str:
    """A presigned address for a GET; `headers` are response headers, `ResponseContentType` say.

    Where files have a distribution, it is there: that asks the bucket under its own name, for which this is signed.
    """
    wanted = {"Bucket": current().bucket, "Key": key, **headers}
    address: str = _client().generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
    there = current().files_url
    return there + address[address.index("/", len("https://")) :] if there else address


def upload_form(key: str, limit: int, seconds: int = 3600) -> dict[str, Any]:
    """A presigned POST: `{url, fields}` that lets its holder store one object of at most `limit` bytes there."""
    form: dict[str, Any] = _client().generate_presigned_post(
        current().bucket, key, Conditions=[["content-length-range", 1, limit]], ExpiresIn=seconds
    )
    return form


def begin_parts(key: str) -> str:
    """Begins an upload in parts: its id."""
    with _asked() as client:
        upload_id: str = client.create_multipart_upload(Bucket=current().bucket, Key=key)["UploadId"]
    return upload_id


def part_addresses(key: str, upload_id: str, count: int, seconds: int) -> list[str]:
    """A presigned address to PUT each part of an upload to, the first part first."""
    wanted = {"Bucket": current().bucket, "Key": key, "UploadId": upload_id}
    numbered = ({**wanted, "PartNumber": number} for number in range(1, count + 1))
    return [_client().generate_presigned_url("upload_part", Params=part, ExpiresIn=seconds) for part in numbered]


def arrived_parts(key: str, upload_id: str) -> list[dict[str, Any]] | None:
    """The parts of an upload that are there, as S3 tells them; None where there is no such upload any more."""
    with _asked() as client:
        try:
            pages = client.get_paginator("list_parts").paginate(Bucket=current().bucket, Key=key, UploadId=upload_id)
            return [part for page in pages for part in page.get("Parts", ())]
        except client.exceptions.NoSuchUpload:
            return None


def finish_parts(key: str, upload_id: str, most: int) -> bool:
    """Joins the parts that arrived; False where there is no such upload, nothing of it, or more than `most` bytes."""
    arrived = arrived_parts(key, upload_id)
    if not arrived or sum(part["Size"] for part in arrived) > most:
        return False
    parts = {"Parts": [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in arrived]}
    with _asked() as client:
        try:
            client.complete_multipart_upload(
                Bucket=current().bucket, Key=key, UploadId=upload_id, MultipartUpload=parts
            )
        except client.exceptions.NoSuchUpload:
            return False
    return True


def give_up_parts(key: str, upload_id: str) -> None:
    """Drops an upload in parts; no error where it is gone."""
    with _asked() as client, suppress(client.exceptions.NoSuchUpload):
        client.abort_multipart_upload(Bucket=current().bucket, Key=key, UploadId=upload_id)
