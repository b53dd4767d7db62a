"""Bodies of several parts: ``multipart/related`` of an upload, ``multipart/mixed`` of a batch.

The lines of such a body may end with CR LF, as the standard wants, or with LF alone, as gcsfs
writes them. Which it is, the first line tells; and then it must be kept to: an object that ends
with a carriage return, before a delimiter that begins with LF, keeps it.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from email.message import Message

from infra.store.refusal import bad_request

MOST_HEAD = 1 << 20  # bytes before the object's own: the headers, and the first part


@dataclass(frozen=True)
class Part:
    """Headers, with names in lower case, and body."""

    headers: dict[str, str]
    body: bytes


def boundary(content_type: str) -> bytes:
    """The boundary that a Content-Type names."""
    message = Message()
    message["content-type"] = content_type
    found = message.get_param("boundary")
    if not isinstance(found, str) or not found:
        raise bad_request(f"Content-Type {content_type!r} names no boundary.")
    return found.encode()


def newline(body: bytes, mark: bytes) -> bytes:
    """How the lines of a body end, by its first."""
    first = re.match(rb"\s*--%s[ \t]*(\r?\n)" % re.escape(mark), body)
    if not first:
        raise bad_request("The body does not begin with its boundary.")
    return first[1]


def split(body: bytes, mark: bytes) -> list[Part]:
    """All parts of a body that is in memory."""
    end = newline(body, mark)
    rough = (end + body.lstrip()).split(end + b"--" + mark)[1:]
    if not rough or not rough[-1].startswith(b"--"):
        raise bad_request("The body breaks off before its last boundary.")
    return [_part(text.lstrip(b" \t").removeprefix(end), end) for text in rough[:-1]]


def _part(text: bytes, end: bytes) -> Part:
    head, _, body = (end + text).partition(end + end)
    return Part(_headers(head), body)


def _headers(head: bytes) -> dict[str, str]:
    pairs = [line.partition(b":") for line in head.splitlines() if line.strip()]
    return {k.strip().lower().decode(): v.strip().decode("utf-8", "replace") for k, _, v in pairs}


async def related(
    chunks: AsyncIterable[bytes], mark: bytes
) -> tuple[Part, dict[str, str], AsyncIterator[bytes]]:
    """An upload's body as it comes: the first part, the headers of the second, and its bytes."""
    stream = aiter(chunks)
    head = b""
    while len(head) < MOST_HEAD:
        found = _heads(head, mark) if head.count(b"\n") else None
        if found:
            end, first, second, rest = found
            return first, second, _until(stream, rest, end + b"--" + mark + b"--")
        try:
            head += await anext(stream)
        except StopAsyncIteration:
            raise bad_request("The body breaks off before the object's bytes.") from None
    raise bad_request(f"The object's description is longer than {MOST_HEAD} bytes.")


def _heads(text: bytes, mark: bytes) -> tuple[bytes, Part, dict[str, str], bytes] | None:
    """What stands before the object's bytes, and the first of them, once all of it has come."""
    end = newline(text, mark)
    between = end + b"--" + mark
    _, _, text = text.partition(end)
    first, found, text = text.partition(between)
    _, line, text = text.partition(end)
    head, blank, rest = (end + text).partition(end + end)
    if not (found and line and blank):
        return None
    return end, _part(first, end), _headers(head), rest


async def _until(stream: AsyncIterator[bytes], rest: bytes, close: bytes) -> AsyncIterator[bytes]:
    """The bytes up to the closing delimiter, which stands at the very end of the body."""
    keep = len(close) + 4  # a line's end may follow
    async for chunk in stream:
        rest += chunk
        if len(rest) > keep:
            yield rest[:-keep]
            rest = rest[-keep:]
    last, found, after = rest.rpartition(close)
    if not found or after.strip():
        raise bad_request("The body breaks off before its last boundary.")
    yield last
