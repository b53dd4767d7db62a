"""How bytes go out: the whole object, or a range of it, proven against its checksums first."""

import re
from dataclasses import dataclass

from infra.store.api import Call
from infra.store.blob import Record
from infra.store.refusal import Refusal, not_there
from infra.store.resource import etag

BRIEF = 1 << 20  # bytes that are proven at once; more of them are proven in another thread
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Span:
    """The bytes of an object from ``start`` to ``stop``; ``part``: a range was asked for."""

    start: int
    stop: int
    part: bool


def span(call: Call, record: Record) -> Span:
    """What a request asks for: ``bytes=5-9``, ``bytes=5-`` or, the last five, ``bytes=-5``.

    A Range header that is none of these means nothing, as HTTP has it; several ranges are refused.
    """
    text = call.headers.get("Range", "").replace(" ", "")
    if "," in text:
        raise not_there("several ranges in one request")
    found = RANGE.fullmatch(text)
    if not found or text == "bytes=-":
        return Span(0, record.size, False)
    first, last = found.groups()
    if not first:
        start, stop = max(0, record.size - int(last)), record.size
    else:
        start, stop = int(first), min(int(last) + 1, record.size) if last else record.size
        if last and int(last) < int(first):
            return Span(0, record.size, False)
    if start >= stop:
        raise Refusal(
            416, "requestedRangeNotSatisfiable", f"{text}: the object has {record.size} bytes."
        )
    return Span(start, stop, True)


def headers(record: Record, wanted: Span) -> dict[str, str]:
    """What GCS tells beside the bytes."""
    told = {
        "Content-Type": record.fields.get("contentType", "application/octet-stream"),
        "Content-Length": str(wanted.stop - wanted.start),
        "Accept-Ranges": "bytes",
        "ETag": etag(record),
        "X-Goog-Generation": str(record.generation),
        "X-Goog-Metageneration": str(record.metageneration),
        "X-Goog-Storage-Class": record.fields.get("storageClass", "STANDARD"),
        "X-Goog-Stored-Content-Length": str(record.size),
        "X-Goog-Stored-Content-Encoding": record.fields.get("contentEncoding", "identity"),
        "X-Goog-Hash": f"crc32c={record.crc32c}" + (f",md5={record.md5}" if record.md5 else ""),
    }
    for name in ("contentEncoding", "contentDisposition", "contentLanguage", "cacheControl"):
        if value := record.fields.get(name):
            told[re.sub("([A-Z])", r"-\1", name).title()] = str(value)
    if wanted.part:
        told["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{record.size}"
    return told


def check_encoding(call: Call, record: Record) -> None:
    """GCS unpacks a gzip object for a client that does not accept gzip; this store does not."""
    accepted = call.headers.get("Accept-Encoding", "")
    if record.fields.get("contentEncoding") == "gzip" and "gzip" not in accepted:
        raise not_there("unpacking of gzip objects (send Accept-Encoding: gzip)")
