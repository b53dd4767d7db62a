"""What a store bears from clients that mean it harm, or that have gone wrong.

A store that serves whoever comes, as in grading, has to end somewhere: in bytes, in connections
and in lines of its log. Past the last line it serves nothing more, because what is not in the log
would not be in the facts.
"""

import asyncio
import socket
from dataclasses import dataclass

from aiohttp.web import Server

BACKLOG = 1024  # connections that wait to be taken
PAUSE = 0.1  # seconds


@dataclass(frozen=True)
class Limits:
    """What a store bears; None is no limit of ours.

    bytes: of objects that it takes, in all its life.
    connections: open at one moment; another is closed as soon as it is there.
    lines: of its log; past these every request is answered 507.
    """

    bytes: int | None = None
    connections: int | None = None
    lines: int | None = None


async def let_in(listener: socket.socket, server: Server, most: int | None) -> None:
    """Give a server the connections that come, up to a number at a time, until cancelled."""
    loop = asyncio.get_running_loop()
    listener.setblocking(False)
    while True:
        try:
            came, _ = await loop.sock_accept(listener)
        except OSError:  # say, that this process may open no more
            await asyncio.sleep(PAUSE)
            continue
        if most is not None and len(server.connections) >= most:
            came.close()
        else:
            await loop.connect_accepted_socket(server, came)
