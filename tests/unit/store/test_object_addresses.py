"""Presigned addresses as they are on AWS: of the bucket's own host in its region, or of the distribution of files."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from chalicelib.settings import current
from chalicelib.store import objects


@pytest.fixture(params=["eu-central-1", "us-east-1"])
def region(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in {
        "AWS_REGION": request.param,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "token",
        "VULPES_BUCKET": "vulpes-prod-files-123456789012",
        "VULPES_S3_ENDPOINT": "",
    }.items():
        monkeypatch.setenv(name, value)
    # It keeps the keys that it found first.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    current.cache_clear()
    objects._made_client.cache_clear()
    yield request.param
    monkeypatch.undo()
    current.cache_clear()
    objects._made_client.cache_clear()


def test_addresses_are_of_the_region(region: str) -> None:
    """At the global host a signature of another region is answered by a redirect without CORS."""
    form = objects.upload_form("uploads/a", 1000)
    addresses = [objects.link("previews/a.png"), form["url"], *objects.part_addresses("uploads/a", "upload", 2, 60)]

    host = f"vulpes-prod-files-123456789012.s3.{region}.amazonaws.com"
    assert [urlsplit(address).netloc for address in addresses] == [host] * 4
    signed = parse_qs(urlsplit(addresses[0]).query)
    assert f"/{region}/s3/" in signed["X-Amz-Credential"][0]


def test_files_are_read_at_their_distribution_with_the_signature_of_the_bucket(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = urlsplit(objects.link("previews/a b.png", ResponseContentType="image/png"))
    monkeypatch.setenv("VULPES_FILES_URL", "https://d2.cloudfront.net")
    current.cache_clear()
    here = urlsplit(objects.link("previews/a b.png", ResponseContentType="image/png"))

    assert here.netloc == "d2.cloudfront.net"
    assert here.path == there.path == "/previews/a%20b.png"
    # Everything is signed but the moment, which may be the next second.
    fixed = {"X-Amz-Algorithm", "X-Amz-SignedHeaders", "X-Amz-Expires", "response-content-type", "X-Amz-Security-Token"}
    asked, told = parse_qs(here.query), parse_qs(there.query)
    assert {name: asked[name] for name in fixed} == {name: told[name] for name in fixed}
    assert asked["X-Amz-SignedHeaders"] == ["host"]
    # Files are put where they are kept.
    assert urlsplit(objects.upload_form("uploads/a", 1000)["url"]).netloc.startswith("vulpes-prod-files-")
