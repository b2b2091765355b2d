"""The part of S3 that the app and its clients use, over a folder: objects, ranges, lists, uploads in parts, forms.

moto holds every object in memory and takes a large one through several copies; here bytes go from the socket to the
disk and back. Addresses are path-style: /bucket/key.
"""

import datetime
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from email.utils import formatdate
from urllib.parse import quote, quote_plus, unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from infra.local.access import Refused, check_form, check_request
from infra.local.forms import FormUpload, signed_chunks
from infra.local.objects import ObjectStore, StoredObject
from infra.local.wire import FileRange, Reply, Request

_KEPT = ("content-type", "content-disposition", "content-encoding", "content-language", "cache-control", "expires")
_CORS = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Content-Length, Content-Range, Location"),
]
_XML_LIMIT = 4 * 1024 * 1024
Created = Callable[[StoredObject, str], None]


class FileServer:
    """Answers S3 requests for the buckets it is given; `created(object, event)` is told of each new object."""

    def __init__(self, store: ObjectStore, buckets: set[str], secret: str, created: Created) -> None:
        self._store = store
        self._buckets = buckets
        self._secret = secret
        self._created = created

    def __call__(self, request: Request) -> Reply:
        """The reply to one request; refusals as S3's XML."""
        try:
            if request.method == "OPTIONS":
                return _preflight(request)
            reply = self._dispatch(request)
        except Refused as refused:
            reply = _xml(
                f"<Error><Code>{refused.code}</Code><Message>{escape(refused.message)}</Message></Error>",
                refused.status,
            )
        reply.fields += _CORS
        return reply

    def _dispatch(self, request: Request) -> Reply:
        bucket, _, key = request.path[1:].partition("/")
        bucket, key = unquote(bucket), unquote(key)
        form = request.headers.get("content-type", "").startswith("multipart/form-data")
        if not (request.method == "POST" and form and not key):
            check_request(request, self._secret)
        query = dict(request.parameters())
        if not key:
            return self._bucket(request, bucket, query, form)
        self._check_bucket(bucket)
        if "uploadId" in query or "uploads" in query:
            return self._in_parts(request, bucket, key, query)
        if unknown := {"acl", "tagging", "versioning", "retention", "torrent"} & query.keys():
            raise Refused("NotImplemented", f"The local files know nothing of {unknown.pop()}", 501)
        match request.method:
            case "GET" | "HEAD":
                return self._get(request, bucket, key, query)
            case "PUT":
                return self._put(request, bucket, key)
            case "DELETE":
                self._store.delete(bucket, key)
                return Reply(204)
        raise Refused("MethodNotAllowed", "The specified method is not allowed", 405)

    def _check_bucket(self, bucket: str) -> None:
        if bucket not in self._buckets:
            raise Refused("NoSuchBucket", "The specified bucket does not exist", 404)

    # Buckets

    def _bucket(self, request: Request, bucket: str, query: dict[str, str], form: bool) -> Reply:
        if request.method == "PUT" and not query:
            self._buckets.add(bucket)
            return Reply(200, [("Location", f"/{bucket}")])
        self._check_bucket(bucket)
        if request.method == "POST" and form:
            return self._post(request, bucket)
        if request.method == "POST" and "delete" in query:
            return self._delete_many(request, bucket)
        if request.method == "HEAD" or "location" in query:
            return (
                Reply(200) if request.method == "HEAD" else _xml("<LocationConstraint>eu-west-1</LocationConstraint>")
            )
        if request.method == "GET" and (not query or query.keys() & {"list-type", "prefix", "max-keys", "x-id"}):
            return self._list(bucket, query)
        raise Refused("NotImplemented", "The local files do not know this request on a bucket", 501)

    def _list(self, bucket: str, query: dict[str, str]) -> Reply:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        limit = max(0, min(1000, int(query.get("max-keys", "1000"))))
        token = bytes.fromhex(query.get("continuation-token", "")).decode()
        after = token or query.get("start-after") or query.get("marker") or ""
        shown = quote if query.get("encoding-type") == "url" else escape
        items, commons, cut = self._page(bucket, prefix, delimiter, after, limit)
        entries = [_entry(item, shown(item.key)) for item in items]
        entries += [f"<CommonPrefixes><Prefix>{shown(common)}</Prefix></CommonPrefixes>" for common in commons]
        next_token = f"<NextContinuationToken>{cut.encode().hex()}</NextContinuationToken>"
        more = f"{next_token}<NextMarker>{shown(cut)}</NextMarker>" if cut else ""
        encoding = "<EncodingType>url</EncodingType>" if shown is quote else ""
        return _xml(
            f"<ListBucketResult><Name>{escape(bucket)}</Name><Prefix>{shown(prefix)}</Prefix>{encoding}"
            f"<KeyCount>{len(entries)}</KeyCount><MaxKeys>{limit}</MaxKeys>"
            f"<IsTruncated>{str(bool(cut)).lower()}</IsTruncated>{more}{''.join(entries)}</ListBucketResult>"
        )

    def _page(
        self, bucket: str, prefix: str, delimiter: str, after: str, limit: int
    ) -> tuple[list[StoredObject], list[str], str]:
        """A page of a listing: objects, common prefixes, and where the next page goes on (empty at the end)."""
        items: list[StoredObject] = []
        commons: list[str] = []
        while limit:
            found = self._store.names(bucket, prefix, after, 1000)
            for item in found:
                common = _common(item.key, prefix, delimiter)
                if common and commons and commons[-1] == common:
                    continue
                if len(items) + len(commons) == limit:
                    return items, commons, after
                if common:
                    commons.append(common)
                else:
                    items.append(item)
                after = common + "\U0010ffff" if common else item.key
            if len(found) < 1000:
                break
        return items, commons, ""

    def _delete_many(self, request: Request, bucket: str) -> Reply:
        removed = []
        for element in _parse(request.body.whole(_XML_LIMIT)).iter():
            if element.tag.endswith("Key") and element.text:
                self._store.delete(bucket, element.text)
                removed.append(f"<Deleted><Key>{escape(element.text)}</Key></Deleted>")
        return _xml(f"<DeleteResult>{''.join(removed)}</DeleteResult>")

    def _post(self, request: Request, bucket: str) -> Reply:
        form = FormUpload(request.headers["content-type"], request.body.pieces())
        key = form.fields.get("key", "").replace("${filename}", form.filename)
        if not key:
            raise Refused("InvalidArgument", "The form has no key", 400)
        least, largest = check_form(form.fields, bucket, self._secret)
        stored = self._store.store(_at_most(form.file(), largest))
        for _ in request.body.pieces():
            pass
        if stored.size < least:
            self._store.drop(stored)
            raise Refused("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400)
        headers = {
            name: value for name, value in form.fields.items() if name in _KEPT or name.startswith("x-amz-meta-")
        }
        made = self._store.put(bucket, key, stored, headers)
        self._created(made, "ObjectCreated:Post")
        location = f"http://{request.headers.get('host', '')}/{bucket}/{quote(key)}"
        fields = [("ETag", f'"{made.etag}"'), ("Location", location)]
        if form.fields.get("success_action_status") == "201":
            text = f"<Location>{escape(location)}</Location><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
            return _xml(f'<PostResponse>{text}<ETag>"{made.etag}"</ETag></PostResponse>', 201, fields)
        return Reply(200 if form.fields.get("success_action_status") == "200" else 204, fields)

    # Objects

    def _get(self, request: Request, bucket: str, key: str, query: dict[str, str]) -> Reply:
        opened = self._store.open(bucket, key)
        if opened is None:
            raise Refused("NoSuchKey", "The specified key does not exist.", 404)
        found, source = opened
        fields = _described(found, query)
        if _named(request.headers.get("if-none-match", ""), found.etag):
            source.close()
            return Reply(304, fields)
        if request.headers.get("if-match") and not _named(request.headers["if-match"], found.etag):
            source.close()
            raise Refused("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
        try:
            wanted = _range(request.headers.get("range", ""), found.size)
        except ValueError as error:
            source.close()
            raise Refused("InvalidRange", "The requested range is not satisfiable", 416) from error
        if wanted is None:
            return Reply(200, fields, FileRange(source, 0, found.size))
        start, end = wanted
        fields.append(("Content-Range", f"bytes {start}-{end - 1}/{found.size}"))
        return Reply(206, fields, FileRange(source, start, end - start))

    def _put(self, request: Request, bucket: str, key: str) -> Reply:
        if request.headers.get("if-none-match") == "*" and self._store.get(bucket, key):
            raise Refused("PreconditionFailed", "There is an object of that name", 412)
        if "x-amz-copy-source" in request.headers:
            return self._copy(request, bucket, key)
        stored = self._store.store(_content(request))
        given = request.headers.get("content-md5")
        if given and given != b64encode(stored.md5).decode():
            self._store.drop(stored)
            raise Refused("BadDigest", "The Content-MD5 you specified did not match what was received.", 400)
        made = self._store.put(bucket, key, stored, _kept(request))
        self._created(made, "ObjectCreated:Put")
        return Reply(200, [("ETag", f'"{made.etag}"')])

    def _copy(self, request: Request, bucket: str, key: str) -> Reply:
        named = unquote(request.headers["x-amz-copy-source"]).lstrip("/").partition("?")[0]
        source = self._store.get(*named.split("/", 1)) if "/" in named else None
        if source is None:
            raise Refused("NoSuchKey", "The specified key does not exist.", 404)
        replace = request.headers.get("x-amz-metadata-directive") == "REPLACE"
        made = self._store.copy(source, bucket, key, _kept(request) if replace else source.headers)
        self._created(made, "ObjectCreated:Copy")
        return _xml(
            f'<CopyObjectResult><ETag>"{made.etag}"</ETag><LastModified>{_iso(made.modified)}</LastModified></CopyObjectResult>'
        )

    # Uploads in parts

    def _in_parts(self, request: Request, bucket: str, key: str, query: dict[str, str]) -> Reply:
        names = f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(key)}</Key>"
        if request.method == "POST" and "uploads" in query:
            upload = self._store.begin_upload(bucket, key, _kept(request))
            text = f"{names}<UploadId>{upload}</UploadId>"
            return _xml(f"<InitiateMultipartUploadResult>{text}</InitiateMultipartUploadResult>")
        upload = query.get("uploadId", "")
        if not self._store.has_upload(upload, bucket, key):
            raise Refused("NoSuchUpload", "The specified upload does not exist.", 404)
        match request.method:
            case "PUT" if "x-amz-copy-source" not in request.headers:
                stored = self._store.store(_content(request))
                self._store.add_part(upload, int(query["partNumber"]), stored)
                return Reply(200, [("ETag", f'"{stored.etag}"')])
            case "POST":
                return self._complete(request, upload, names)
            case "DELETE":
                self._store.abort_upload(upload)
                return Reply(204)
            case "GET":
                parts = "".join(
                    f'<Part><PartNumber>{number}</PartNumber><ETag>"{part.etag}"</ETag><Size>{part.size}</Size></Part>'
                    for number, part in self._store.parts(upload).items()
                )
                return _xml(f"<ListPartsResult>{names}<UploadId>{upload}</UploadId>{parts}</ListPartsResult>")
        raise Refused("NotImplemented", "The local files do not know this request on an upload", 501)

    def _complete(self, request: Request, upload: str, names: str) -> Reply:
        body = _parse(request.body.whole(_XML_LIMIT))
        numbers = [int(element.text or 0) for element in body.iter() if element.tag.endswith("PartNumber")]
        if not numbers or numbers != sorted(set(numbers)) or not set(numbers) <= self._store.parts(upload).keys():
            raise Refused("InvalidPart", "One or more of the specified parts could not be found.", 400)
        made = self._store.complete_upload(upload, numbers)
        self._created(made, "ObjectCreated:CompleteMultipartUpload")
        return _xml(f'<CompleteMultipartUploadResult>{names}<ETag>"{made.etag}"</ETag></CompleteMultipartUploadResult>')


def notification(made: StoredObject, event: str, region: str) -> str:
    """What S3 tells a queue of a new object."""
    entity = {
        "key": quote_plus(made.key, safe="/"),
        "size": made.size,
        "eTag": made.etag,
        "sequencer": f"{time.time_ns():X}",
    }
    bucket = {"name": made.bucket, "arn": f"arn:aws:s3:::{made.bucket}"}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": region,
        "eventTime": _iso(made.modified),
        "eventName": event,
        "s3": {"s3SchemaVersion": "1.0", "configurationId": "uploads", "bucket": bucket, "object": entity},
    }
    return json.dumps({"Records": [record]})


def _content(request: Request) -> Iterator[bytes]:
    chunked = "aws-chunked" in request.headers.get("content-encoding", "") or request.headers.get(
        "x-amz-content-sha256", ""
    ).startswith("STREAMING-")
    return signed_chunks(request.body.pieces()) if chunked else request.body.pieces()


def _kept(request: Request) -> dict[str, str]:
    kept = {name: value for name, value in request.headers.items() if name in _KEPT or name.startswith("x-amz-meta-")}
    coding = [part.strip() for part in kept.pop("content-encoding", "").split(",")]
    left = ", ".join(part for part in coding if part and part != "aws-chunked")
    return {**kept, "content-encoding": left} if left else kept


def _at_most(pieces: Iterator[bytes], largest: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > largest:
            raise Refused("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400)
        yield piece


def _described(found: StoredObject, query: dict[str, str]) -> list[tuple[str, str]]:
    headers = {"content-type": "binary/octet-stream", **found.headers}
    headers.update(
        (name.removeprefix("response-"), value) for name, value in query.items() if name.startswith("response-")
    )
    fields = [(name.title() if name in _KEPT else name, value) for name, value in headers.items()]
    modified = formatdate(found.modified, usegmt=True)
    return [*fields, ("ETag", f'"{found.etag}"'), ("Last-Modified", modified), ("Accept-Ranges", "bytes")]


def _range(header: str, size: int) -> tuple[int, int] | None:
    """The bytes wanted as (start, end), None for all; ValueError where there are none such."""
    unit, _, spec = header.partition("=")
    if unit.strip() != "bytes" or "," in spec or "-" not in spec:
        return None
    first, _, last = spec.strip().partition("-")
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        raise ValueError(header)
    return start, end


def _named(condition: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in condition.split(",")]
    return etag in tags or "*" in tags


def _common(key: str, prefix: str, delimiter: str) -> str:
    end = key.find(delimiter, len(prefix)) if delimiter else -1
    return key[: end + len(delimiter)] if end >= 0 else ""


def _entry(item: StoredObject, name: str) -> str:
    return (
        f'<Contents><Key>{name}</Key><Size>{item.size}</Size><ETag>"{item.etag}"</ETag>'
        f"<LastModified>{_iso(item.modified)}</LastModified><StorageClass>STANDARD</StorageClass></Contents>"
    )


def _iso(moment: float) -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _parse(body: bytes) -> ElementTree.Element:
    try:
        if b"<!" in body:  # no client sends a document type; one that does wants entities expanded
            raise ElementTree.ParseError
        return ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise Refused("MalformedXML", "The XML you provided was not well-formed", 400) from error


def _xml(text: str, status: int = 200, fields: list[tuple[str, str]] | None = None) -> Reply:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
    return Reply(status, [("Content-Type", "application/xml"), *(fields or [])], body)


def _preflight(request: Request) -> Reply:
    wanted = request.headers.get("access-control-request-headers", "*")
    allowed = [
        ("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, DELETE"),
        ("Access-Control-Allow-Headers", wanted),
    ]
    return Reply(200, [*_CORS, *allowed, ("Access-Control-Max-Age", "600")])
