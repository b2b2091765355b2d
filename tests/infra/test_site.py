"""What is put where the distribution serves it: a web interface, and the page without one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.domain.people.mail import PASSWORD_PAGE
from infra.aws import site
from infra.site.archive import Site, SiteFile
from infra.site.own_page import SCRIPT
from infra.site.scripts import LARGE_UPLOADS

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


@pytest.fixture
def interface(tmp_path: Path) -> Site:
    for name, data in INTERFACE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return Site.read(tmp_path)


def on_site(s3: Any) -> dict[str, bytes]:
    listed = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {entry["Key"]: s3.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read() for entry in listed}


def test_an_interface_is_published_with_our_script(s3: Any, interface: Site) -> None:
    assert site.publish(s3, BUCKET, interface) == len(INTERFACE) + 1

    there = on_site(s3)
    assert set(there) == {*INTERFACE, LARGE_UPLOADS}
    assert there["assets/index-8f2c41d0.js"] == INTERFACE["assets/index-8f2c41d0.js"]
    assert LARGE_UPLOADS.encode() in there["index.html"]


def test_what_is_named_after_its_content_is_kept_for_ever_and_pages_are_asked_for_again(
    s3: Any, interface: Site
) -> None:
    site.publish(s3, BUCKET, interface)

    def told(name: str) -> tuple[str, str]:
        head = s3.head_object(Bucket=BUCKET, Key=name)
        return head["ContentType"], head["CacheControl"]

    assert told("index.html") == ("text/html; charset=utf-8", "no-cache")
    assert told("img/logo.svg") == ("image/svg+xml", "no-cache")
    assert told("assets/index-8f2c41d0.js")[1] == "public, max-age=31536000, immutable"


def test_without_an_interface_there_is_a_page_that_says_what_is_here(s3: Any) -> None:
    assert site.publish(s3, BUCKET, None) == 2

    there = on_site(s3)
    assert b"/api/apidocs" in there["index.html"]
    assert f'src="/{SCRIPT}"'.encode() in there["index.html"]
    assert f'"{PASSWORD_PAGE}"'.encode() in there[SCRIPT], "letters lead there"


def test_that_page_is_brought_up_to_date_and_makes_room_for_an_interface(s3: Any, interface: Site) -> None:
    site.publish(s3, BUCKET, None)
    s3.put_object(Bucket=BUCKET, Key="index.html", Body=f"of a former version {SCRIPT}".encode())
    assert site.publish(s3, BUCKET, None) == 2
    assert b"/api/apidocs" in on_site(s3)["index.html"]

    s3.put_object(Bucket=BUCKET, Key="index.html", Body=b"put there by hand")
    assert site.publish(s3, BUCKET, None) == 0

    site.publish(s3, BUCKET, interface)
    assert SCRIPT not in on_site(s3)


def test_another_deployment_leaves_the_interface_and_another_interface_leaves_nothing(s3: Any, interface: Site) -> None:
    site.publish(s3, BUCKET, interface)
    assert site.publish(s3, BUCKET, None) == 0
    assert set(INTERFACE) < set(on_site(s3))

    page = SiteFile(b"newer", "text/html; charset=utf-8", "no-cache")
    site.publish(s3, BUCKET, Site({"index.html": page}))
    assert set(on_site(s3)) == {"index.html", LARGE_UPLOADS}
