"""A socket that listens in a room, for a server that is not in it.

The room's loopback is its own: nothing outside can be reached from it. Whatever listens there was
made by a process that joined the room's namespaces, and the socket it made can be handed out. So a
store of ours, outside, serves a submission that can neither see its process nor its files.

`python -P -m autograder.sandbox.listener LINK PID PORT` makes one, hands it over, and ends.
"""

import socket
import subprocess
import sys

from autograder.judge.faults import Infrastructure
from autograder.sandbox import confine

LOOPBACK = "127.0.0.1"
BACKLOG = 256
SECONDS = 20


def listen(room: int, port: int) -> socket.socket:
    """A socket that listens at `port` on the loopback of the room whose first process is `room`."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        words = map(str, (theirs.fileno(), room, port))
        command = [sys.executable, "-P", "-m", __name__, *words]
        ran = subprocess.run(
            command, pass_fds=(theirs.fileno(),), capture_output=True, timeout=SECONDS, check=False
        )
        if ran.returncode:
            said = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Infrastructure(f"nothing can listen in the sandbox: {''.join(said)}")
        _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
    return socket.socket(fileno=descriptors[0])


def main(link: int, room: int, port: int) -> None:
    with socket.socket(fileno=link) as line:
        confine.join(room)
        with socket.create_server((LOOPBACK, port), backlog=BACKLOG) as ear:
            socket.send_fds(line, [b"."], [ear.fileno()])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
