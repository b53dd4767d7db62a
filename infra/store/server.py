"""HTTP around the store: a request comes in, is served or meets a fault, and leaves its line.

Everything happens in one thread, so that what stands between two ``await`` is one step for all;
what takes long (checksums of large objects, waiting for the disk) is given to other threads.
"""

import asyncio
import errno
import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError, web

from infra.store import downloads
from infra.store.api import Answer, Call, check_parameters, look_up, perform, route
from infra.store.batch import batch
from infra.store.blob import pieces, prove
from infra.store.faults import Dice, Faults
from infra.store.ledger import Operation
from infra.store.refusal import Refusal, bad_request, not_there
from infra.store.shelf import Shelf
from infra.store.uploads import Incomplete, Uploads
from infra.store.visit import Cut, Visit

JSON = "application/json; charset=UTF-8"
CANCELLED = 499  # GCS's status for an upload that was given up as asked
Serve = Callable[[Visit], Awaitable[web.StreamResponse]]


class Server:
    """A store at work. State: the shelf, uploads that go on, the plan of faults, and the log, of
    so many `lines` at most (None for as many as come)."""

    def __init__(self, shelf: Shelf, lines: int | None = None) -> None:
        self.shelf, self.lines = shelf, lines
        self.uploads = Uploads(self.shelf)
        self.dice = Dice(Faults())
        self.log: list[Operation] = []
        self.visits: set[Visit] = set()
        self.clock = time.monotonic()
        self.roots: dict[str, Serve] = {
            "/upload/storage/v1/": self._upload,
            "/download/storage/v1/": self._download,
            "/storage/v1/": self._json,
            "/batch/storage/v1": self._batch,
        }

    def application(self) -> web.Application:
        app = web.Application(client_max_size=0)
        app.router.add_get("/computeMetadata/v1/{anything:.*}", _account)
        app.router.add_route("*", "/{anything:.*}", self.handle)
        return app

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        root = next((root for root in self.roots if path.startswith(root)), "")
        if self.lines is not None and len(self.log) + len(self.visits) >= self.lines:
            full = Refusal(507, "logFull", f"The store's log is full: {self.lines} lines.")
            return _json(full.body(), full.status)
        visit = Visit(request, path.removeprefix(root), self.dice, self.clock)
        self.visits.add(visit)
        try:
            response = await self._answer(visit, self.roots.get(root, self._nothing))
            visit.status = 0 if visit.fault == "lost" else response.status
            if visit.fault == "lost":
                _cut(visit)
            return response
        except (Cut, ConnectionError, ClientError, web.RequestPayloadError):
            _cut(visit)
            return web.Response()
        finally:
            self.visits.remove(visit)
            self.log.append(visit.operation())

    async def _answer(self, visit: Visit, serve: Serve) -> web.StreamResponse:
        try:
            return await serve(visit)
        except Refusal as refusal:
            if refusal.status == 304 and visit.request.method == "GET":
                return web.Response(status=304)
            status = 412 if refusal.status == 304 else refusal.status
            return _json(refusal.body(), status)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            full = Refusal(507, "insufficientStorage", f"The store's disk is full: {error}.")
            return _json(full.body(), full.status)

    async def _nothing(self, visit: Visit) -> web.StreamResponse:
        await visit.enter("unknown")
        raise not_there(f"{visit.request.method} {visit.request.path}: only the JSON API is there")

    async def _json(self, visit: Visit) -> web.StreamResponse:
        """The methods of api.py; and an object's bytes, which may be asked for here too."""
        if visit.call.query.get("alt") == "media":
            return await self._download(visit)
        kind, _, names = route(visit.call.method, visit.call.path)
        await visit.enter(kind, *_named(names))
        answer = await perform(self.shelf, await visit.whole_call())
        return web.Response(status=204) if answer is None else _json(answer)

    async def _batch(self, visit: Visit) -> web.StreamResponse:
        call = await visit.whole_call()
        await visit.enter("batch", more=hashlib.sha256(call.body).hexdigest())
        kind, body = await batch(call, self._part)
        return web.Response(text=body, headers={"Content-Type": kind})

    async def _part(self, call: Call) -> Answer:
        """A call of a batch, with a line of its own in the log."""
        start, status = time.monotonic() - self.clock, 200
        kind, _, names = route(call.method, call.path)
        try:
            return await perform(self.shelf, call)
        except Refusal as refusal:
            status = refusal.status
            raise
        finally:
            end = time.monotonic() - self.clock
            named = _named(names)
            line = Operation(kind, named, "", status, 0, 0, start, end, "", part=True)
            self.log.append(line)

    async def _upload(self, visit: Visit) -> web.StreamResponse:
        """POST begins an upload of one of three types; POST or PUT with an id goes on with one."""
        check_parameters(visit.call)
        match visit.call.path:
            case "b", bucket, "o":
                self.shelf.bucket(bucket)
            case path:
                raise not_there(f"upload to /{'/'.join(path)}")
        if "upload_id" in visit.call.query:
            return await self._resumable(visit)
        match visit.call.query.get("uploadType"):
            case "media":
                return _json(await self.uploads.simple(visit, bucket))
            case "multipart":
                return _json(await self.uploads.multipart(visit, bucket))
            case "resumable":
                identity = await self.uploads.start(visit, bucket)
                url = f"{visit.call.host}{visit.request.path}"
                query = f"uploadType=resumable&upload_id={identity}"
                return web.Response(headers={"Location": f"{url}?{query}"})
            case other:
                raise bad_request(f"uploadType={other!r}: write media, multipart or resumable.")

    async def _resumable(self, visit: Visit) -> web.StreamResponse:
        if visit.request.method == "DELETE":
            await self.uploads.cancel(visit)
            return web.Response(status=CANCELLED)
        state = await self.uploads.resume(visit)
        if not isinstance(state, Incomplete):
            return _json(state)
        told = {"Range": f"bytes=0-{state.size - 1}"} if state.size else {}
        return web.Response(status=308, headers=told)

    async def _download(self, visit: Visit) -> web.StreamResponse:
        call = visit.call
        kind, _, names = route(call.method, call.path)
        if kind != "objects.get":
            raise not_there(f"download of /{'/'.join(call.path)}")
        await visit.enter("objects.read", *_named(names))
        check_parameters(call)
        record = look_up(self.shelf, call, **names)
        downloads.check_encoding(call, record)
        wanted = downloads.span(call, record)
        with self.shelf.open(record) as file:
            if wanted.stop - wanted.start > downloads.BRIEF:
                await asyncio.to_thread(prove, file, record, wanted.start, wanted.stop)
            else:
                prove(file, record, wanted.start, wanted.stop)
            response = web.StreamResponse(status=206 if wanted.part else 200)
            response.headers.update(downloads.headers(record, wanted))
            await response.prepare(visit.request)
            for piece in pieces(file, wanted.start, _stop(visit, wanted)):
                await visit.pace(len(piece))
                await response.write(piece)
                visit.down += len(piece)
        if visit.fault != "lost":
            await response.write_eof()
        return response


async def _account(request: web.Request) -> web.Response:
    """What a machine at Google's would tell: Arrow sends nothing without a token, whatever it is.
    This is no request to the store, and not logged."""
    if request.path.endswith("/token"):
        return _json({"access_token": "none", "token_type": "Bearer", "expires_in": 10**6})
    return _json({"email": "nobody@example.org", "scopes": []})


def _stop(visit: Visit, wanted: downloads.Span) -> int:
    """Where the answer ends: half way, if it is to be lost."""
    return (wanted.start + wanted.stop) // 2 if visit.fault == "lost" else wanted.stop


def _named(names: dict[str, str]) -> tuple[str, ...]:
    """The objects that a path names."""
    named = []
    if "name" in names:
        named.append(f"{names['bucket']}/{names['name']}")
    if "to_name" in names:
        named.append(f"{names.get('to_bucket', names['bucket'])}/{names['to_name']}")
    return tuple(named)


def _json(answer: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(answer).encode(), status=status, headers={"Content-Type": JSON}
    )


def _cut(visit: Visit) -> None:
    """End the connection here and now."""
    if visit.request.transport:
        visit.request.transport.abort()
