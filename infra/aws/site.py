"""What the distribution serves beside the API: the files of a web interface in a bucket, else a page about it."""

from typing import Any

from infra.site.archive import INDEX, Site
from infra.site.own_page import SCRIPT, own_site
from infra.site.scripts import with_scripts


def publish(s3: Any, bucket: str, site: Site | None) -> int:
    """Puts an interface into the site's bucket, and takes out what another one left; how many files were written.

    Without one, the page that says what is here is put there, unless there is an interface already.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    before = {entry["Key"] for page in pages for entry in page.get("Contents", ())}
    if site is None and INDEX in before and not _is_own(s3, bucket):
        return 0
    wanted = (with_scripts(site) if site else own_site()).files
    # The page last: it names the others, which have to be there.
    for name in sorted(wanted, key=lambda name: (name == INDEX, name)):
        file = wanted[name]
        s3.put_object(
            Bucket=bucket, Key=name, Body=file.content, ContentType=file.content_type, CacheControl=file.cache_control
        )
    for name in sorted(before - wanted.keys()):
        s3.delete_object(Bucket=bucket, Key=name)
    return len(wanted)


def _is_own(s3: Any, bucket: str) -> bool:
    """Whether the page that is there is that of a former deployment without an interface."""
    page: bytes = s3.get_object(Bucket=bucket, Key=INDEX)["Body"].read()
    return SCRIPT.encode() in page
