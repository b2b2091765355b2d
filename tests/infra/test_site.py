"""What the distribution serves: a web interface out of an archive, and the page without one."""

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.aws import site
from infra.aws.site import SiteError

BUCKET = "vulpes-site"
INTERFACE = {
    "index.html": b"<title>interface</title>",
    "assets/index-8f2c41d0.js": b"console.log(1)",
    "assets/style.3b7a90ce.css": b"body {}",
    "img/logo.svg": b"<svg/>",
}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("s3", region_name="eu-west-1")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield client


def archive(folder: Path, kind: str, prefix: str = "") -> Path:
    path = folder / f"interface.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as made:
            for name, data in INTERFACE.items():
                made.writestr(prefix + name, data)
    else:
        with tarfile.open(path, "w:gz") as packed:
            for name, data in INTERFACE.items():
                entry = tarfile.TarInfo(prefix + name)
                entry.size = len(data)
                packed.addfile(entry, io.BytesIO(data))
    return path


def on_site(s3: Any) -> dict[str, bytes]:
    listed = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {entry["Key"]: s3.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read() for entry in listed}


@pytest.mark.parametrize(("kind", "prefix"), [("tgz", ""), ("tgz", "./"), ("tgz", "kitsu-1.0/dist/"), ("zip", "dist/")])
def test_an_archive_is_published_from_where_its_page_is(s3: Any, tmp_path: Path, kind: str, prefix: str) -> None:
    assert site.publish(s3, BUCKET, archive(tmp_path, kind, prefix)) == len(INTERFACE)

    assert on_site(s3) == INTERFACE


def test_what_is_named_after_its_content_is_kept_for_ever_and_pages_are_asked_for_again(
    s3: Any, tmp_path: Path
) -> None:
    site.publish(s3, BUCKET, archive(tmp_path, "tgz"))

    def told(name: str) -> tuple[str, str]:
        head = s3.head_object(Bucket=BUCKET, Key=name)
        return head["ContentType"], head["CacheControl"]

    assert told("index.html") == ("text/html; charset=utf-8", "no-cache")
    assert told("img/logo.svg") == ("image/svg+xml", "no-cache")
    for name, kind in (("assets/index-8f2c41d0.js", "text/javascript"), ("assets/style.3b7a90ce.css", "text/css")):
        assert told(name) == (f"{kind}; charset=utf-8", "public, max-age=31536000, immutable")


def test_without_an_interface_there_is_a_page_that_says_what_is_here(s3: Any) -> None:
    assert site.publish(s3, BUCKET, None) == 1

    assert b"/api/apidocs" in on_site(s3)["index.html"]


def test_another_deployment_leaves_the_interface_and_another_interface_leaves_nothing(s3: Any, tmp_path: Path) -> None:
    site.publish(s3, BUCKET, archive(tmp_path, "tgz"))
    assert site.publish(s3, BUCKET, None) == 0
    assert on_site(s3) == INTERFACE

    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "index.html").write_text("newer")
    site.publish(s3, BUCKET, newer)
    assert on_site(s3) == {"index.html": b"newer"}


def test_what_is_no_interface_is_refused_before_anything_is_touched(s3: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.tgz").write_text("no archive")
    for source in ("empty", "text.tgz", "missing.tgz"):
        with pytest.raises(SiteError):
            site.publish(s3, BUCKET, tmp_path / source)

    assert on_site(s3) == {}
