"""The process in which a store runs, and how the one that started it speaks with it.

It is given a socket that listens already, and one end of a pair of sockets, its line. On the line
come requests in JSON, one a line, and each is answered by one. When the line ends, because whoever
holds the other end closed it or is dead, the store ends.

    python -m infra.store.process LISTENER LINE FOLDER DOOR LIMITS

The first two are numbers of descriptors that it inherits. Where FOLDER is empty the store is in
memory. DOOR, if it is not empty, is the path of a socket on which others of the same user may speak
with the store as on the line, and whose ends end nothing. LIMITS are those of `limits`, in JSON.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from infra.store.blob import pieces, prove
from infra.store.faults import Dice, Faults
from infra.store.limits import Limits, let_in
from infra.store.refusal import Refusal
from infra.store.server import Server
from infra.store.shelf import Shelf

SETTLE = 5.0  # seconds to wait for requests that are in the works when the log is asked for
LONGEST = 1 << 28  # bytes of a request on the line


async def serve(
    listener: socket.socket, line: socket.socket, shelf: Shelf, door: str, limits: Limits
) -> None:
    """Serve until the line ends."""
    server = Server(shelf, limits.lines)
    runner = web.AppRunner(server.application(), access_log=None, auto_decompress=False)
    await runner.setup()
    assert runner.server is not None
    ear = asyncio.create_task(let_in(listener, runner.server, limits.connections))
    answering = partial(_answer, server)
    if door:
        await asyncio.start_unix_server(answering, door, limit=LONGEST)
    await _answer(server, *await asyncio.open_connection(sock=line, limit=LONGEST))
    ear.cancel()
    for visit in list(server.visits):
        if visit.request.transport:
            visit.request.transport.abort()
    await runner.cleanup()


async def _answer(
    server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Do what is asked on a line, until it ends."""
    with suppress(ConnectionError):
        while request := await reader.readline():
            try:
                answer = {"value": await _obey(server, json.loads(request))}
            except (Refusal, OSError) as error:
                answer = {"error": str(error)}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
    writer.close()


async def _obey(server: Server, told: dict[str, Any]) -> Any:
    match told.pop("do"):
        case "create":
            if told["bucket"] not in server.shelf.buckets:
                server.shelf.create_bucket(told["bucket"], {})
        case "inject":
            server.dice = Dice(Faults(**told))
        case "put":
            async with server.shelf.drafting(told["bucket"]) as draft:
                draft.write(b64decode(told["data"]))
                await server.shelf.commit(draft, told["bucket"], told["name"], {})
        case "get":
            return _read(server, told["bucket"], told["name"])
        case "names":
            return list(server.shelf.bucket(told["bucket"]).names)
        case "mark":
            return len(server.log)
        case "log":
            await _settle(server)
            return [asdict(line) for line in server.log[told["since"] :]]
    return None


def _read(server: Server, bucket: str, name: str) -> str | None:
    record = server.shelf.bucket(bucket).records.get(name)
    if record is None:
        return None
    with server.shelf.open(record) as file:
        prove(file, record, 0, record.size)
        return b64encode(b"".join(pieces(file, 0, record.size))).decode()


async def _settle(server: Server) -> None:
    """Wait for the requests that have come: whoever asks for the log may have their answers."""
    begun = set(server.visits)
    deadline = asyncio.get_running_loop().time() + SETTLE
    while begun & server.visits and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.001)


@contextmanager
def _memory() -> Iterator[Path]:
    """A folder in memory, where the system has such; else one that is gone afterwards."""
    shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="outgrow-store-", dir=shared) as folder:
        yield Path(folder)


def main(listener: str, line: str, folder: str, door: str, told: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the one who started us
    with (
        socket.socket(fileno=int(listener)) as ear,
        socket.socket(fileno=int(line)) as end,
        nullcontext(Path(folder)) if folder else _memory() as home,
    ):
        limits = Limits(**json.loads(told))
        asyncio.run(serve(ear, end, Shelf(home, limits.bytes), door, limits))


if __name__ == "__main__":
    main(*sys.argv[1:])
