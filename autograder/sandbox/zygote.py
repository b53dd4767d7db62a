"""The zygote: a process that has imported everything, and forks one kernel for each order.

`python -P -m autograder.sandbox.zygote LINK UID MODULE…`. It holds no secret and no file of the
course. As root's helper it becomes the slot's uid once it has imported what only root can read. An
order names the room to join; the fork that joined ends at once, its child is a process of the room.

With `--inside` the zygote itself was started in the room: where joining is refused, a room is made
with a zygote in it, ahead of need. It does not fork, but becomes what its one order asks for.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox import confine
from autograder.sandbox.order import Order, receive_order

READY, SEALED = b"ready", b"sealed"


def main(arguments: list[str]) -> None:
    link = socket.socket(fileno=int(arguments[0]))
    uid, inside = int(arguments[1]), "--inside" in arguments
    for module in (name for name in arguments[2:] if not name.startswith("--")):
        importlib.import_module(module)
    _settle(uid)
    link.send(READY)
    (_become if inside else _serve)(link)


def _become(link: socket.socket) -> None:
    """Run the order that comes, in this very process."""
    if order := receive_order(link):
        _run(order)


def _serve(link: socket.socket) -> None:
    """Fork for each order that comes, until the grader closes the line."""
    while order := receive_order(link):
        pid = _fork_into(order)
        link.send(str(pid).encode())
        for fd in order.descriptors:
            os.close(fd)


def _settle(uid: int) -> None:
    """Become what forks may be made of: one thread, no right, garbage gone, orphans reaped."""
    from autograder.sandbox import inside, syscalls

    assert inside, syscalls  # what a fork needs, imported while we can read everything
    if uid:
        confine.become(uid)
    confine.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL)
    confine.prctl(confine.PR_SET_CHILD_SUBREAPER, 1)
    confine.prctl(confine.PR_SET_DUMPABLE, 1)
    signal.signal(signal.SIGCHLD, _reap)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir("/")
    if threading.active_count() != 1 or len(list(Path("/proc/self/task").iterdir())) != 1:
        raise SystemExit("a module that was imported ahead has started a thread")
    gc.collect()
    gc.freeze()


def _reap(*_: object) -> None:
    """Take note of every child that ended; a room could not be torn down otherwise."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _fork_into(order: Order) -> int:
    """Fork twice: the first child joins the room, its child lives there. Returns the host's pid of
    that one, 0 if it did not come to be."""
    answer, report = os.pipe()
    wait, go = os.pipe()
    first = os.fork()
    if first == 0:
        os.close(go)
        _join_and_fork(order, report, wait)
    os.close(report)
    os.close(wait)
    with os.fdopen(answer, "rb") as heard:
        pid = int(heard.read() or 0)
    with suppress(ChildProcessError):  # `_reap` may have been quicker
        os.waitpid(first, 0)
    os.close(go)
    return pid


def _join_and_fork(order: Order, report: int, wait: int) -> NoReturn:
    """In the first child. The second one begins when this one is gone and the zygote is its parent:
    the signal that it asks for at its parent's death must not come from here."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        confine.join(order.room)
        pid = os.fork()
        if pid == 0:
            os.close(report)
            os.read(wait, 1)
            _run(order)
        os.write(report, str(pid).encode())
    except BaseException as error:
        _say(order, f"{type(error).__name__}: {error}")
    finally:
        os._exit(0)


def _run(order: Order) -> NoReturn:
    """In the room: give up every right, say so, and become what the order asks for."""
    from autograder.sandbox import inside

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        confine.seal(order.limits, order.descriptors, order.outside)
        inside.furnish(order)
    except BaseException as error:
        _say(order, f"{type(error).__name__}: {error}")
        os._exit(1)
    _say(order, SEALED.decode())
    try:
        inside.RUN[order.job](order)
    finally:
        os._exit(0)


def _say(order: Order, text: str) -> None:
    with suppress(OSError):
        os.write(order.report, text.encode())
        os.close(order.report)


if __name__ == "__main__":
    arguments: Any = sys.argv[1:]
    main(arguments)
