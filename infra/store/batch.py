"""A batch: up to a hundred calls in the parts of one request, each answered on its own."""

import json
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from multidict import CIMultiDict

from infra.store.api import Answer, Call
from infra.store.multipart import Part, boundary, split
from infra.store.refusal import Refusal, bad_request, not_there

MOST = 100
MARK = "batch_of_outgrow"
ROOT = "/storage/v1/"


async def batch(call: Call, perform: Callable[[Call], Awaitable[Answer]]) -> tuple[str, str]:
    """Perform the calls in their order; the Content-Type and the body of the answer."""
    parts = split(call.body, boundary(call.headers.get("Content-Type", "")))
    if len(parts) > MOST:
        raise bad_request(f"{len(parts)} calls in a batch; {MOST} at most.")
    answers = [await _answer(part, call.host, perform) for part in parts]
    return f'multipart/mixed; boundary="{MARK}"', "".join(answers) + f"--{MARK}--\r\n"


async def _answer(part: Part, host: str, perform: Callable[[Call], Awaitable[Answer]]) -> str:
    try:
        answer = await perform(_call(part, host))
        status, body = (204, "") if answer is None else (200, json.dumps(answer))
    except Refusal as refusal:
        status, body = refusal.status, json.dumps(refusal.body())
    identity = part.headers.get("content-id", "<0>").strip("<>")
    lines = [
        f"--{MARK}", "Content-Type: application/http", f"Content-ID: <response-{identity}>", "",
        f"HTTP/1.1 {status} -", "Content-Type: application/json; charset=UTF-8",
        f"Content-Length: {len(body.encode())}", "", body, "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def _call(part: Part, host: str) -> Call:
    """The request that stands in a part, with lines of its own."""
    text = part.body.lstrip().decode("utf-8", "replace").replace("\r\n", "\n")
    head, _, body = text.partition("\n\n")
    first, *lines = head.split("\n")
    words = first.split()
    if len(words) < 2:
        raise bad_request("A part of the batch holds no HTTP request.")
    url = urlsplit(words[1])
    if not url.path.startswith(ROOT):
        raise not_there(f"batch of {url.path}")
    path = tuple(unquote(part) for part in url.path.removeprefix(ROOT).split("/"))
    pairs = [line.split(":", 1) for line in lines if ":" in line]
    headers = CIMultiDict((name.strip(), value.strip()) for name, value in pairs)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    if query.get("alt") == "media":
        raise not_there("download in a batch")
    return Call(words[0], path, query, headers, body.strip().encode(), host)
