"""The channel: whole messages over a socket pair, one end with the judge, one with the student's
process."""

import socket
import struct
import time
from contextlib import suppress
from typing import Any

from autograder import wire

SIZE = struct.Struct(">Q")
CHUNK = 2**20
SEND_SECONDS = 60.0  # an end that takes nothing for so long is as good as gone


class ChannelClosed(Exception):
    """The other end is gone: its process died, or it closed the socket."""


class ChannelTimeout(Exception):
    """No whole message came in time."""


class Channel:
    """Sends and receives values of the wire; not for use by several threads at once."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end

    def send(self, value: Any) -> None:
        self.send_bytes(wire.pack(value))

    def send_bytes(self, message: bytes, seconds: float | None = None) -> None:
        """Send a whole message; raise ChannelClosed if the other end is gone, or has not taken it
        in so many seconds (SEND_SECONDS).

        A message that was sent in part leaves the channel unusable, so it is closed then.
        """
        try:
            self.end.settimeout(seconds or SEND_SECONDS)
            self.end.sendall(SIZE.pack(len(message)))
            self.end.sendall(message)
        except OSError as error:
            self.close()
            raise ChannelClosed(str(error)) from None

    def receive(self, seconds: float | None = None) -> bytes:
        """The next message's bytes, within `seconds` in all.

        Raises ChannelTimeout, ChannelClosed, or WireError for a message over the wire's limit.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        (size,) = SIZE.unpack(self._exactly(SIZE.size, deadline))
        if size > wire.MAX_BYTES + 2**20:
            raise wire.WireError(f"a message of {size} bytes")
        return self._exactly(size, deadline)

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        data = bytearray()
        while len(data) < count:
            left = None if deadline is None else max(1e-3, deadline - time.monotonic())
            data += self._some(min(CHUNK, count - len(data)), left)
        return bytes(data)

    def _some(self, count: int, seconds: float | None) -> bytes:
        try:
            self.end.settimeout(seconds)
            data = self.end.recv(count)
        except TimeoutError:
            raise ChannelTimeout from None
        except OSError as error:
            raise ChannelClosed(str(error)) from None
        if not data:
            raise ChannelClosed("end of file")
        return data

    def close(self) -> None:
        with suppress(OSError):
            self.end.close()
