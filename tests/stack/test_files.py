"""Files through the S3 client library and as browsers and scripts send them: kept, listed, guarded."""

import hashlib
import itertools
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from infra.local.cloud import Cloud
from infra.local.forms import FormUpload, signed_chunks
from infra.local.objects import ObjectStore
from tests.stack.conftest import aws

OpenCloud = Callable[[], Cloud]


def test_an_object_keeps_its_bytes_and_what_was_said_of_it(open_cloud: OpenCloud) -> None:
    s3 = aws("s3", open_cloud().url)
    said = {"ContentType": "image/png", "ContentDisposition": 'inline; filename="a.png"', "Metadata": {"by": "ana"}}
    s3.put_object(Bucket="files", Key="previews/é ü/1.png", Body=b"picture", **said)
    got = s3.get_object(Bucket="files", Key="previews/é ü/1.png")
    assert got["Body"].read() == b"picture"
    assert {name: got[name] for name in said} == said
    assert got["ETag"] == f'"{hashlib.md5(b"picture").hexdigest()}"'
    assert s3.head_object(Bucket="files", Key="previews/é ü/1.png")["ContentLength"] == 7


def test_what_is_not_there_is_404_and_deleting_it_is_fine(open_cloud: OpenCloud) -> None:
    s3 = aws("s3", open_cloud().url)
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket="files", Key="none")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.put_object(Bucket="elsewhere", Key="a", Body=b"")
    s3.delete_object(Bucket="files", Key="none")


def test_objects_are_there_again_after_a_restart_and_crumbs_are_not(open_cloud: OpenCloud, tmp_path: Path) -> None:
    s3 = aws("s3", open_cloud().url)
    s3.put_object(Bucket="files", Key="a", Body=b"old")
    s3.put_object(Bucket="files", Key="a", Body=b"new")
    s3.put_object(Bucket="files", Key="b", Body=b"gone")
    s3.delete_objects(Bucket="files", Delete={"Objects": [{"Key": "b"}]})
    s3 = aws("s3", open_cloud().url)
    assert s3.get_object(Bucket="files", Key="a")["Body"].read() == b"new"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket="files")["Contents"]] == ["a"]
    assert len(list((tmp_path / "files" / "objects").iterdir())) == 1


def test_files_without_a_name_are_swept_away(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.store([b"a crash came before this got its name"])
    kept = store.put("files", "a", store.store([b"kept"]), {})
    store.close()
    again = ObjectStore(tmp_path)
    assert again.sweep() == 1
    opened = again.open("files", "a")
    assert opened is not None
    with opened[1] as source:
        assert (source.read(), opened[0].etag) == (b"kept", kept.etag)
    again.close()


@pytest.mark.parametrize(
    ("wanted", "status", "body"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=5-99", 206, b"56789"),
        ("pages=1", 200, b"0123456789"),
    ],
)
def test_a_player_gets_the_part_it_asks_for(open_cloud: OpenCloud, wanted: str, status: int, body: bytes) -> None:
    url = _presigned(open_cloud(), "get_object", "film.mp4", b"0123456789")
    answer = requests.get(url, headers={"Range": wanted}, timeout=60)
    assert (answer.status_code, answer.content) == (status, body)


def test_a_part_behind_the_end_is_416_and_a_known_object_304(open_cloud: OpenCloud) -> None:
    url = _presigned(open_cloud(), "get_object", "film.mp4", b"0123456789")
    assert requests.get(url, headers={"Range": "bytes=10-"}, timeout=60).status_code == 416
    tag = requests.get(url, timeout=60).headers["ETag"]
    assert requests.get(url, headers={"If-None-Match": tag}, timeout=60).status_code == 304


def test_lists_come_in_pages_and_by_folder(open_cloud: OpenCloud) -> None:
    s3 = aws("s3", open_cloud().url)
    keys = [f"{folder}/{number} &.png" for folder in ("a", "b", "c") for number in range(3)] + ["z"]
    for key in keys:
        s3.put_object(Bucket="files", Key=key, Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="files", PaginationConfig={"PageSize": 4})
    assert [item["Key"] for page in pages for item in page["Contents"]] == keys
    assert s3.list_objects_v2(Bucket="files", Prefix="b/")["KeyCount"] == 3
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="files", Delimiter="/", PaginationConfig={"PageSize": 2}
    )
    found = [(page.get("CommonPrefixes", []), page.get("Contents", [])) for page in pages]
    assert [common["Prefix"] for commons, _ in found for common in commons] == ["a/", "b/", "c/"]
    assert [item["Key"] for _, items in found for item in items] == ["z"]


def test_a_copy_shares_the_bytes_and_outlives_its_source(open_cloud: OpenCloud) -> None:
    s3 = aws("s3", open_cloud().url)
    s3.put_object(Bucket="files", Key="a", Body=b"bytes", ContentType="image/png")
    s3.copy_object(Bucket="files", Key="b", CopySource={"Bucket": "files", "Key": "a"})
    s3.delete_object(Bucket="files", Key="a")
    got = s3.get_object(Bucket="files", Key="b")
    assert (got["Body"].read(), got["ContentType"]) == (b"bytes", "image/png")


def test_an_upload_in_parts_becomes_one_object(open_cloud: OpenCloud, tmp_path: Path) -> None:
    s3 = aws("s3", open_cloud().url)
    upload = {"Bucket": "files", "Key": "film.mp4"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, ContentType="video/mp4")["UploadId"]
    tags = {number: s3.upload_part(**upload, PartNumber=number, Body=bytes([number]) * 9)["ETag"] for number in (2, 1)}
    assert [part["PartNumber"] for part in s3.list_parts(**upload)["Parts"]] == [1, 2]
    parts = [{"PartNumber": number, "ETag": tags[number]} for number in (1, 2)]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    got = s3.get_object(Bucket="files", Key="film.mp4")
    assert (got["Body"].read(), got["ContentType"]) == (b"\x01" * 9 + b"\x02" * 9, "video/mp4")
    assert got["ETag"].endswith('-2"')
    assert len(list((tmp_path / "files" / "objects").iterdir())) == 1


def test_nobody_reads_or_writes_without_a_signature(open_cloud: OpenCloud) -> None:
    cloud = open_cloud()
    url = _presigned(cloud, "get_object", "secret.png", b"secret")
    plain = url.partition("?")[0]
    assert requests.get(plain, timeout=60).status_code == 403
    assert requests.put(plain, b"mine", timeout=60).status_code == 403
    assert requests.put(url, b"mine", timeout=60).status_code == 403
    assert requests.get(url.replace("secret.png", "other.png"), timeout=60).status_code == 403
    assert requests.get(url, timeout=60).content == b"secret"


def test_an_address_expires(open_cloud: OpenCloud) -> None:
    s3 = aws("s3", open_cloud().url)
    s3.put_object(Bucket="files", Key="a", Body=b"")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "files", "Key": "a"}, ExpiresIn=-1)
    answer = requests.get(url, timeout=60)
    assert (answer.status_code, "expired" in answer.text) == (403, True)


def test_a_presigned_put_stores_and_says_how_it_is_to_be_saved(open_cloud: OpenCloud) -> None:
    cloud = open_cloud()
    put = _presigned(cloud, "put_object", "uploads/a b.mov")
    assert requests.put(put, b"film", timeout=60).status_code == 200
    get = aws("s3", cloud.url).generate_presigned_url(
        "get_object",
        Params={"Bucket": "files", "Key": "uploads/a b.mov", "ResponseContentDisposition": "attachment"},
    )
    answer = requests.get(get, timeout=60)
    assert (answer.content, answer.headers["Content-Disposition"]) == (b"film", "attachment")


def test_a_film_never_lies_in_memory(open_cloud: OpenCloud) -> None:
    url = open_cloud().url
    piece, count = b"film" * 64_000, 250
    tracemalloc.start()
    requests.put(_presigned_for(url, "put_object"), (piece for _ in range(count)), timeout=60)
    form = aws("s3", url).generate_presigned_post("files", "b.mov")
    edge, last = b"--edge\r\nContent-Disposition: form-data; name=", b"\r\n--edge--\r\n"
    fields = [edge + b'"%s"\r\n\r\n%s\r\n' % (name.encode(), value.encode()) for name, value in form["fields"].items()]
    parts = itertools.chain(fields, [edge + b'"file"\r\n\r\n'], (piece for _ in range(count)), [last])
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    assert requests.post(form["url"], parts, headers=kind, timeout=60).status_code == 204
    with requests.get(_presigned_for(url, "get_object"), stream=True, timeout=60) as film:
        assert sum(map(len, film.iter_content(len(piece)))) == len(piece) * count
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16_000_000
    sizes = [item["Size"] for item in aws("s3", url).list_objects_v2(Bucket="files")["Contents"]]
    assert sizes == [len(piece) * count] * 2


def test_a_form_uploads_what_its_policy_allows(open_cloud: OpenCloud) -> None:
    cloud = open_cloud()
    form = _form(cloud)
    picture = b"\r\n--x" * 100_000
    answer = requests.post(
        form["url"], form["fields"], files={"file": ("a.png", picture)}, timeout=60, headers={"Origin": "http://ui"}
    )
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
    got = aws("s3", cloud.url).get_object(Bucket="files", Key="uploads/a.png")
    assert (got["Body"].read(), got["ContentType"]) == (picture, "image/png")


@pytest.mark.parametrize(
    ("change", "size", "code"),
    [
        ({"key": "uploads/../other"}, 10, "AccessDenied"),
        ({"Content-Type": "text/html"}, 10, "AccessDenied"),
        ({"policy": "e30="}, 10, "AccessDenied"),
        ({"x-amz-signature": "0" * 64}, 10, "SignatureDoesNotMatch"),
        ({}, 2_000_000, "EntityTooLarge"),
        ({}, 0, "EntityTooSmall"),
    ],
)
def test_a_form_against_its_policy_is_refused(
    open_cloud: OpenCloud, change: dict[str, str], size: int, code: str
) -> None:
    cloud = open_cloud()
    form = _form(cloud)
    answer = requests.post(form["url"], {**form["fields"], **change}, files={"file": b"x" * size}, timeout=60)
    assert code in answer.text
    assert aws("s3", cloud.url).list_objects_v2(Bucket="files")["KeyCount"] == 0


def test_browsers_may_ask_before_they_upload(open_cloud: OpenCloud) -> None:
    answer = requests.options(
        f"{open_cloud().url}/files", headers={"Access-Control-Request-Headers": "content-type"}, timeout=60
    )
    assert (answer.status_code, answer.headers["Access-Control-Allow-Headers"]) == (200, "content-type")


def test_an_upload_is_announced_to_the_media_queue_and_nothing_else_is(open_cloud: OpenCloud) -> None:
    cloud = open_cloud()
    s3 = aws("s3", cloud.url)
    s3.put_object(Bucket="files", Key="previews/a.png", Body=b"")
    s3.put_object(Bucket="files", Key="uploads/é b.mov", Body=b"film")
    [message] = cloud.queues.receive("media", 10)
    [record] = json.loads(message.body)["Records"]
    assert (record["eventSource"], record["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert record["s3"]["bucket"]["name"] == "files"
    assert (record["s3"]["object"]["key"], record["s3"]["object"]["size"]) == ("uploads/%C3%A9+b.mov", 4)


@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(1, 9), min_size=1), size=st.integers(1, 64))
def test_wrapped_bodies_open_wherever_the_network_cuts_them(data: bytes, cuts: list[int], size: int) -> None:
    form = b'--bo\r\nContent-Disposition: form-data; name="key"\r\n\r\nuploads/a\r\n--bo\r\nContent-Disposition: '
    form += b'form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + data + b"\r\n--bo--\r\n"
    upload = FormUpload("multipart/form-data; boundary=bo", iter(_cut(form, cuts)))
    if b"\r\n--bo" not in data:
        assert b"".join(upload.file()) == data
        assert (upload.fields, upload.filename, upload.file_type) == ({"key": "uploads/a"}, "a.png", "image/png")
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    chunks = b"".join(b"%x;chunk-signature=0\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    assert b"".join(signed_chunks(iter(_cut(chunks + b"0\r\nx-amz-checksum: 1\r\n\r\n", cuts)))) == data


def _cut(data: bytes, cuts: list[int]) -> list[bytes]:
    pieces = []
    while data:
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(data[:size])
        data = data[size:]
    return pieces


def _presigned(cloud: Cloud, operation: str, key: str, body: bytes | None = None) -> str:
    s3 = aws("s3", cloud.url)
    if body is not None:
        s3.put_object(Bucket="files", Key=key, Body=body)
    url: str = s3.generate_presigned_url(operation, Params={"Bucket": "files", "Key": key})
    return url


def _presigned_for(url: str, operation: str) -> str:
    signed: str = aws("s3", url).generate_presigned_url(operation, Params={"Bucket": "files", "Key": "a.mov"})
    return signed


def _form(cloud: Cloud) -> dict[str, Any]:
    form: dict[str, Any] = aws("s3", cloud.url).generate_presigned_post(
        "files",
        "uploads/a.png",
        Fields={"Content-Type": "image/png"},
        Conditions=[{"Content-Type": "image/png"}, ["content-length-range", 1, 1_000_000]],
    )
    return form
