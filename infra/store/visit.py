"""One request on its way through the store: what it asks, what it meets, what of it is logged."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import unquote

from aiohttp import web

from infra.store.api import Call
from infra.store.faults import STATUS, Dice, Fault
from infra.store.ledger import Operation
from infra.store.refusal import Refusal, bad_request

MOST_JSON = 32 * 2**20  # bytes of a body that is not an object's


class Cut(Exception):
    """The connection ends without an answer."""


class Visit:
    """A request, from its first line to its line in the log. Each operation begins by entering,
    which is where it may meet a fault."""

    def __init__(self, request: web.Request, path: str, dice: Dice, clock: float) -> None:
        self.request, self.dice, self.clock = request, dice, clock
        self.start = time.monotonic() - clock
        self.kind, self.identity = "unknown", ""
        self.objects: tuple[str, ...] = ()
        self.fault: Fault = ""
        self.up = self.down = self.status = 0
        self.call = Call(
            request.method,
            tuple(unquote(part, errors="surrogateescape") for part in path.split("/")),
            request.query,
            request.headers,
            host=f"{request.scheme}://{request.host}",
        )

    async def enter(self, kind: str, *objects: str, more: str = "") -> None:
        """Say what is asked, and wait, or fail, as the plan of faults wants it."""
        headers, query = self.call.headers, dict(self.call.query)
        query.pop("upload_id", None)
        ranges = headers.get("Range", ""), headers.get("Content-Range", "")
        self.kind, self.objects = kind, objects
        self.identity = " ".join([kind, *objects, *map("=".join, query.items()), *ranges, more])
        self.fault = self.dice.throw(kind, self.identity)
        if self.dice.plan.latency:
            await asyncio.sleep(self.dice.plan.latency)
        if self.fault == "cut":
            raise Cut
        if status := STATUS.get(self.fault):
            raise Refusal(status, "backendError", "An injected fault: ask again.")

    async def body(self) -> bytes:
        """All of a body that is not an object's."""
        chunks: list[bytes] = []
        async for chunk in self.request.content.iter_any():
            chunks.append(chunk)
            if sum(map(len, chunks)) > MOST_JSON:
                raise bad_request(f"The body is longer than {MOST_JSON} bytes.")
        return b"".join(chunks)

    async def whole_call(self) -> Call:
        """The call with its body."""
        self.call = replace(self.call, body=await self.body())
        return self.call

    async def arriving(self) -> AsyncIterator[bytes]:
        """The bytes of a body, as they come."""
        async for chunk in self.request.content.iter_any():
            yield chunk

    async def received(self, size: int) -> None:
        """So many bytes of an object have come."""
        self.up += size
        await self.pace(size)

    async def pace(self, size: int) -> None:
        """Take the time that so many bytes need."""
        if self.dice.plan.bandwidth:
            await asyncio.sleep(size / self.dice.plan.bandwidth)

    def operation(self) -> Operation:
        """The line of the log."""
        return Operation(
            self.kind, self.objects, self.identity, self.status, self.up, self.down, self.start,
            time.monotonic() - self.clock, self.fault, part=False,
        )  # fmt: skip
