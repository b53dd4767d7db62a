"""Messages as a student's process may send them, and a process that sends them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from autograder import wire

FRAME = pd.DataFrame({"n": np.arange(10), "zone": [f"Z{i}" for i in range(10)]})


class Line:
    """A student's process that answers as it is told, in the sandbox or not."""

    def __init__(self, answer: bytes = b"", sandbox: bool = True) -> None:
        self.answer, self.sandbox = answer, sandbox

    def ask(self, request: bytes, what: str) -> bytes:  # noqa: ARG002
        return self.answer


def answer(value: Any) -> bytes:
    return wire.pack({"value": value})


def message(text: bytes, *blobs: bytes) -> bytes:
    """A message as anybody could write it."""
    parts = [text, *blobs]
    lengths = b"".join(wire.LENGTH.pack(len(part)) for part in parts)
    return wire.COUNT.pack(len(parts)) + lengths + b"".join(parts)


def stream(table: pa.Table, options: pa.ipc.IpcWriteOptions | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def walk(value: Any) -> Iterator[Any]:
    """A value and all that is in it."""
    yield value
    if type(value) is dict:
        for pair in value.items():
            yield from walk(list(pair))
    elif type(value) in (list, tuple, set, frozenset):
        for item in value:
            yield from walk(item)
