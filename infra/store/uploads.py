"""How bytes come in: at once, with their description before them, or in pieces that can be resumed.

All three write a draft, compare its checksums with those that the client told, and commit it. A
resumable upload is a session: its draft is kept between requests, and the answer 308 says how far
it has come. A client whose connection broke asks for that, and goes on from there. Sessions live as
long as the store's process: after that the client is told 410, and begins again.
"""

import asyncio
import re
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from infra.store.api import Call
from infra.store.blob import Draft
from infra.store.conditions import Conditions, conditions
from infra.store.multipart import boundary, related
from infra.store.names import check_object
from infra.store.refusal import Refusal, bad_request
from infra.store.resource import resource, writable
from infra.store.shelf import Shelf
from infra.store.visit import Visit

RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
Answer = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """Where an upload goes, what was told of the object, and what must hold."""

    bucket: str
    name: str
    told: dict[str, Any]
    conditions: Conditions

    @property
    def path(self) -> str:
        return f"{self.bucket}/{self.name}"


@dataclass
class Session:
    """A resumable upload: how far it has come, and what came of it."""

    target: Target
    draft: Draft
    made: dict[str, Any] | None = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True)
class Incomplete:
    """The answer 308: ``size`` bytes have come so far."""

    size: int


class Uploads:
    """The uploads of a store."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.sessions: dict[str, Session] = {}

    async def simple(self, visit: Visit, bucket: str) -> Answer:
        """The body is the object."""
        headers = visit.call.headers
        told = {
            "contentType": headers.get("Content-Type"),
            "contentEncoding": headers.get("Content-Encoding"),
        }
        return await self._store(visit, bucket, told, visit.arriving())

    async def multipart(self, visit: Visit, bucket: str) -> Answer:
        """The body is a description in JSON, and the object."""
        mark = boundary(visit.call.headers.get("Content-Type", ""))
        first, headers, data = await related(visit.arriving(), mark)
        told = replace(visit.call, body=first.body).json()
        told.setdefault("contentType", headers.get("content-type"))
        return await self._store(visit, bucket, told, data)

    async def _store(
        self, visit: Visit, bucket: str, told: dict[str, Any], chunks: AsyncIterable[bytes]
    ) -> Answer:
        name = _name(visit.call, told)
        await visit.enter("objects.insert", f"{bucket}/{name}")
        async with self.shelf.drafting(bucket) as draft:
            async for chunk in chunks:
                await visit.received(len(chunk))
                draft.write(chunk)
            where = Target(bucket, name, told, conditions(visit.call.query))
            return await self._commit(visit.call, draft, where)

    async def _commit(self, call: Call, draft: Draft, target: Target) -> Answer:
        check_sums(draft, target.told, call.headers)
        fields = {key: value for key, value in writable(target.told).items() if value is not None}
        made = await self.shelf.commit(draft, target.bucket, target.name, fields, target.conditions)
        return resource(made, call.host)

    async def start(self, visit: Visit, bucket: str) -> str:
        """A new session; its id."""
        call = await visit.whole_call()
        told = call.json()
        name = _name(call, told)
        await visit.enter("uploads.start", f"{bucket}/{name}")
        wanted = conditions(call.query)
        wanted.check(self.shelf.bucket(bucket).records.get(name), f"{bucket}/{name}")
        told.setdefault("contentType", call.headers.get("X-Upload-Content-Type"))
        session = Session(Target(bucket, name, told, wanted), self.shelf.draft(bucket))
        self.sessions[identity := uuid4().hex] = session
        return identity

    async def resume(self, visit: Visit) -> Answer | Incomplete:
        """The next piece of a session, or the question how far it is."""
        session = self._session(visit.call)
        await visit.enter("uploads.piece", session.target.path)
        async with session.busy:
            if session.made is not None:
                return session.made
            start, total = _content_range(visit.call.headers)
            async for chunk in _fresh(visit.arriving(), start, session.draft.size):
                await visit.received(len(chunk))
                self._add(visit.call, session.draft, chunk)
            if "Content-Range" not in visit.call.headers:
                total = session.draft.size
            if total is None or session.draft.size < total:
                return Incomplete(session.draft.size)
            return await self._finish(visit.call, session, total)

    def _add(self, call: Call, draft: Draft, chunk: bytes) -> None:
        try:
            draft.write(chunk)
        except OSError:  # what of the chunk came to the disk is not known
            self._forget(call)
            raise

    async def _finish(self, call: Call, session: Session, total: int) -> Answer:
        try:
            if session.draft.size != total:
                raise bad_request(f"{session.draft.size} bytes came, {total} were announced.")
            session.made = await self._commit(call, session.draft, session.target)
        except (Refusal, OSError):
            self._forget(call)
            raise
        return session.made

    async def cancel(self, visit: Visit) -> None:
        session = self._session(visit.call)
        await visit.enter("uploads.cancel", session.target.path)
        self._forget(visit.call)

    def _forget(self, call: Call) -> None:
        self.sessions.pop(call.query["upload_id"]).draft.discard()

    def _session(self, call: Call) -> Session:
        identity = call.query.get("upload_id", "")
        if identity not in self.sessions:
            raise Refusal(410, "uploadGone", "No such upload is going on. Begin it again.")
        return self.sessions[identity]


def _name(call: Call, told: Mapping[str, Any]) -> str:
    return check_object(call.query.get("name") or told.get("name"))


def _content_range(headers: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Where the piece begins, None if it is a question only; and the object's size, if known."""
    text = headers.get("Content-Range")
    if text is None:
        return 0, None
    found = RANGE.fullmatch(text.strip())
    if not found:
        raise bad_request(
            f"Content-Range {text!r}: write bytes FIRST-LAST/SIZE, with * if unknown."
        )
    first, _, size = found.groups()
    return int(first) if first else None, None if size == "*" else int(size)


async def _fresh(
    chunks: AsyncIterable[bytes], start: int | None, have: int
) -> AsyncIterable[bytes]:
    """Those bytes of a piece that have not come before. A question has none."""
    if start is not None and start > have:
        raise bad_request(f"The piece begins at {start}, and only {have} bytes have come.")
    skip = have - start if start is not None else 0
    async for chunk in chunks:
        if start is None:
            raise bad_request("A question for the state of an upload has no body.")
        yield chunk[skip:]
        skip = max(0, skip - len(chunk))


def check_sums(draft: Draft, told: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """Compare the draft with the checksums that the client told, wherever it told them."""
    said = headers.get("X-Goog-Hash", "").split(",")
    hashes = dict(pair.strip().split("=", 1) for pair in said if "=" in pair)
    for name, ours, theirs in (
        ("crc32c", draft.crc32c, (told.get("crc32c"), hashes.get("crc32c"))),
        ("MD5", draft.md5, (told.get("md5Hash"), hashes.get("md5"), headers.get("Content-MD5"))),
    ):
        for claim in theirs:
            if claim is not None and claim != ours:
                raise bad_request(f"The {name} is {ours}, not {claim}: the bytes were damaged.")
