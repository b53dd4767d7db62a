"""What runs in the student's process: it answers the judge's requests on the student's own names.

A request is a plain dict. `{"do": "call", "name": …, "args": …, "kwargs": …}` calls a function of
the notebook; `{"do": "run", "source": …, "name": …, "args": …}` runs a probe of the test file;
`{"do": "engine", "engine": …, "name": …}` begins or ends watching the notebook's own engine. The
answer is `{"value": …}` or `{"error": …}`.
"""

import asyncio
import inspect
import linecache
import re
import socket
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from autograder import wire
from autograder.channel import Channel, ChannelClosed

LAST_FRAMES = 3
FRAME = re.compile(r' *File "([^"]*)", line (\d+), in (.*)\n(?: {4}.*\n)*')
_watching: list[Any] = []


def serve(fd: int, namespace: dict[str, Any]) -> None:
    """Answer requests on the socket `fd` until the judge says `end`; runs in the kernel's main
    thread."""
    channel = Channel(socket.socket(fileno=socket.dup(fd)))
    try:
        while answer_next(channel, namespace):
            pass
    except ChannelClosed:
        return
    finally:
        channel.close()


def answer_next(channel: Channel, namespace: dict[str, Any]) -> bool:
    """Receive one request and answer it; False when it was the last."""
    try:
        message = channel.receive()
    except KeyboardInterrupt:  # an interrupt that came after its call had ended
        return True
    if message == wire.pack({"do": "end"}):
        return False
    channel.send_bytes(_answer(message, namespace))
    return True


def answer(message: bytes, namespace: dict[str, Any]) -> wire.Ours:
    """The packed answer to a packed request: a value, or what went wrong in the student's code."""
    return wire.Ours(_answer(message, namespace))


def _answer(message: bytes, namespace: dict[str, Any]) -> bytes:
    try:
        request = wire.unpack(message, namespace)
        return wire.pack({"value": settle(_do(request, namespace))})
    except BaseException as error:
        return wire.pack({"error": _describe(error)})


def _do(request: Mapping[str, Any], namespace: dict[str, Any]) -> Any:
    if request["do"] == "call":
        return _named(request["name"], namespace)(*request["args"], **request["kwargs"])
    if request["do"] == "run":
        return _probe(request["source"], request["name"])(*request["args"])
    return ENGINES[request.get("engine", "dask")](request["name"])


def _named(name: str, namespace: Mapping[str, Any]) -> Callable[..., Any]:
    if name not in namespace:
        raise NameError(f"the notebook does not define `{name}`")
    return namespace[name]


def _probe(source: str, name: str) -> Callable[..., Any]:
    filename = f"<probe {name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    names: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), names)
    return names[name]


def _dask(name: str) -> Any:
    """`begin` starts to watch the notebook's own cluster; `end` returns the facts as plain data."""
    from distributed import default_client

    import infra

    if name == "begin":
        _watching.append(infra.begin(default_client()))
        return None
    return asdict(infra.end(default_client(), _watching.pop()))


def _spark(name: str) -> Any:
    """The same for the notebook's own Spark."""
    from infra import spark

    if name == "begin":
        _watching.append(spark.begin())
        return None
    return asdict(spark.end(_watching.pop()))


ENGINES: dict[str, Callable[[str], Any]] = {"dask": _dask, "spark": _spark}


def settle(value: Any) -> Any:
    """Wait for an awaitable in a thread with its own event loop (the kernel's loop is busy);
    pass others on."""
    if not inspect.isawaitable(value):
        return value
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _wait(value)).result()


async def _wait(value: Any) -> Any:
    return await value


def _describe(error: BaseException) -> dict[str, str]:
    kind = "WireError" if isinstance(error, wire.WireError) else type(error).__name__
    builtin = next(k.__name__ for k in type(error).__mro__ if k.__module__ == "builtins")
    return {"kind": kind, "builtin": builtin, "message": _safe_text(error), "trace": _trace(error)}


def _safe_text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = "(its message could not be read)"
    return FRAME.sub(_far_frame, text).encode("utf-8", "replace").decode()[:2000]


def _far_frame(found: re.Match[str]) -> str:
    """A frame that an engine's worker told in a message (Spark's do), if it is a cell's."""
    file, line, name = found.groups()
    return f"line {line} of your cell, in {name}\n" if "ipykernel" in file else ""


def _trace(error: BaseException) -> str:
    """Where in the notebook's own cells it happened, without our frames and the libraries'."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "ipykernel" in frame.filename]
    lines = [f"line {f.lineno} of your cell, in {f.name}: {f.line}" for f in own[-LAST_FRAMES:]]
    return "\n".join(lines).encode("utf-8", "replace").decode()
