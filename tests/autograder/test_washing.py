"""Washing: what the student sent is decoded where it harms nobody, and comes out plain or not at
all."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pytest

from autograder import wire
from autograder.judge import washing
from autograder.judge.faults import Infrastructure
from autograder.judge.student import Student
from autograder.testing import StudentError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="washing needs fork")


class Line:
    """A student's process that answers as it is told."""

    def __init__(self, answer: bytes = b"") -> None:
        self.answer = answer

    def ask(self, request: bytes, what: str) -> bytes:  # noqa: ARG002
        return self.answer


@pytest.fixture
def line() -> Line:
    return Line()


def answer(value: Any) -> bytes:
    return wire.pack({"value": value})


FRAME = pd.DataFrame({"n": np.arange(10), "zone": [f"Z{i}" for i in range(10)]})


def message(text: bytes, *blobs: bytes) -> bytes:
    """A message as anybody could write it."""
    parts = [text, *blobs]
    lengths = b"".join(wire.LENGTH.pack(len(part)) for part in parts)
    return wire.COUNT.pack(len(parts)) + lengths + b"".join(parts)


def test_what_is_honest_comes_out_as_it_went_in(line: Line):
    sent = answer([FRAME, np.eye(3), b"bytes", {"a": (1, 2.5)}])
    assert washing.wash(sent, line) == sent


def test_a_small_message_without_blobs_needs_no_other_process(line: Line):
    sent = answer({"a": [1, "b"]})
    assert washing.wash(sent, line) is sent
    assert line not in washing._workers


def test_one_basin_serves_all_and_each_submission_has_its_own_worker():
    first, second = Line(), Line()
    basin = washing._basin(os.getpid())
    others = psutil.Process(basin.process.pid).children()
    for line in (first, second, first):
        washing.wash(answer(FRAME), line)
    assert washing._basin(os.getpid()) is basin
    assert washing._workers[first] is not washing._workers[second]
    workers = [p for p in psutil.Process(basin.process.pid).children() if p not in others]
    assert len(workers) == 2
    del line, first, second
    gone, _ = psutil.wait_procs(workers, 10)
    assert len(gone) == 2


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_costs_one_answer_and_is_replaced(line: Line, how: signal.Signals):
    washing.wash(answer(FRAME), line)
    basin = psutil.Process(washing._basin(os.getpid()).process.pid)
    for worker in basin.children():
        worker.send_signal(how)
    psutil.wait_procs(basin.children(), 10)
    with pytest.raises(wire.WireError, match="could not be decoded"):
        washing.wash(answer(FRAME), line)
    assert washing.wash(answer(FRAME), line) == answer(FRAME)
    assert basin.is_running()


def test_an_answer_that_was_not_waited_for_is_not_the_next_one(
    line: Line, monkeypatch: pytest.MonkeyPatch
):
    def interrupted(*_: object) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(washing, "_receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            washing.wash(answer(FRAME), line)
    other = answer(FRAME.head(3))
    assert washing.wash(other, line) == other


def test_a_basin_that_is_gone_is_replaced_without_a_loss(line: Line):
    washing.wash(answer(FRAME), line)
    process = washing._basin(os.getpid()).process
    process.kill()
    process.wait()
    other = Line()
    assert washing.wash(answer(FRAME), other) == answer(FRAME)


@pytest.fixture
def other_basin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Start a basin by another command, for one test."""

    def use(*command: str) -> None:
        monkeypatch.setattr(washing, "COMMAND", command)
        washing._basin.cache_clear()

    yield use
    washing._basin.cache_clear()


def test_a_basin_that_does_not_start_is_no_fault_of_the_student(
    line: Line, other_basin: Callable[..., None]
):
    other_basin("/bin/false")
    line.answer = answer(FRAME)
    with pytest.raises(Infrastructure, match="did not start"):
        Student(line).f()


def test_more_memory_than_is_allowed_is_refused(line: Line):
    column = pa.array(["x"], pa.string()).dictionary_encode()
    huge = pa.chunked_array([column] * 2)
    rows = wire.pack(pa.table({"a": huge}))
    nested = message(b'{"list": ' + b"[" * 10 + b"]" * 10 + b"}")
    assert washing.wash(rows, line)
    assert washing.wash(nested, line) == nested
    lists = b"[" + b"[]," * (10 * 2**20) + b"[]]"
    with pytest.raises(wire.WireError, match="memory"):
        washing.wash(message(lists), line)


def test_more_time_than_is_allowed_is_refused(line: Line, other_basin: Callable[..., None]):
    hasty = "from autograder.judge import washing as w; w.CPU_SECONDS = 0.02; w.main()"
    other_basin(sys.executable, "-I", "-c", hasty)
    with pytest.raises(wire.WireError, match="too much memory or time"):
        washing.wash(wire.pack(list(range(10**6))), line)


def test_keys_chosen_to_have_one_hash_are_refused(line: Line):
    same = [f'{{"int": "{i * (2**61 - 1):#x}"}}' for i in range(1, 2_000)]
    text = '{"set": [' + ",".join([*same, *map(str, range(2_000))]) + "]}"
    with pytest.raises(wire.WireError, match="same hash"):
        washing.wash(message(text.encode()), line)


def test_a_worker_is_confined(line: Line):
    washing.wash(answer(FRAME), line)
    basin = psutil.Process(washing._basin(os.getpid()).process.pid)
    worker = basin.children()[-1]
    assert basin.num_threads() == worker.num_threads() == 1
    limits = Path(f"/proc/{worker.pid}/limits").read_text("utf-8")
    rows = {row[:25].strip(): row[26:].split()[0] for row in limits.splitlines()}
    assert rows["Max file size"] == rows["Max core file size"] == "0"
    assert int(rows["Max data size"]) < 2 * washing.MEMORY
    assert set(worker.environ()) == set(washing.ENVIRONMENT)


def test_nothing_is_left_when_the_judge_is_gone():
    code = f"""if True:
        import os, psutil
        from tests.autograder.test_washing import FRAME, Line, answer, washing
        washing.wash(answer(FRAME), line := Line())
        basin = psutil.Process(washing._basin(os.getpid()).process.pid)
        print(basin.pid, *(child.pid for child in basin.children()), flush=True)
        os.kill(os.getpid(), {signal.SIGKILL:d})
    """
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 2, done.stderr
    left = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    assert psutil.wait_procs(left, 10)[1] == []


# --- what a decoded value is made of ----------------------------------------------------------

ATOMS = (type(None), bool, int, float, str, bytes, dt.datetime, dt.date, dt.timedelta)


def walk(value: Any) -> Iterator[Any]:
    """A value and all that is in it."""
    yield value
    if type(value) is dict:
        for pair in value.items():
            yield from walk(list(pair))
    elif type(value) in (list, tuple, set, frozenset):
        for item in value:
            yield from walk(item)


def test_what_comes_out_is_of_exactly_the_plain_types(line: Line):
    class Sly(int):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = int.__hash__

    class Frame(pd.DataFrame):
        def equals(self, other: object) -> bool:  # type: ignore[override]  # noqa: ARG002
            return True

    class Text(str):
        __slots__ = ()

    class Words(list):
        pass

    moment = pd.Timestamp("2026-01-02T03:04:05")
    sent = [
        Sly(3), True, None, np.int8(1), np.float64(0.5), Text("a"), Words([Text("b")]), b"c",
        {Text("k"): {Sly(1)}, (1, 2): frozenset({2})}, moment, moment.date(),
        dt.timedelta(seconds=1), Frame(FRAME), FRAME["n"], FRAME.index, pa.table({"a": [1]}),
        np.arange(3), np.array(["x"]), np.array(["2026-01-01"], "M8[D]"),
    ]  # fmt: skip
    back = wire.unpack(washing.wash(wire.pack(sent), line))
    plain = (list, tuple, dict, set, frozenset, *ATOMS)
    data = (pd.DataFrame, pd.Series, pd.RangeIndex, pa.Table, np.ndarray)
    for value in walk(back):
        assert type(value) in (*plain, *data)
    assert type(back[0]) is int
    assert back[0] != 4
    frames = [value for value in back if isinstance(value, pd.DataFrame)]
    assert [type(frame) for frame in frames] == [pd.DataFrame]
    assert not frames[0].equals(FRAME.head(3))
    assert not frames[0].attrs
    assert {type(cell) for cell in frames[0]["zone"]} == {str}


def test_a_table_s_metadata_is_gone(line: Line):
    field = pa.field("a", pa.int64(), metadata={b"ARROW:extension:name": b"odd"})
    table = pa.table([[1]], schema=pa.schema([field], metadata={b"pandas": b"{}"}))
    back = wire.unpack(washing.wash(message(b'{"table": 1}', stream(table)), line))
    assert back.schema.metadata is None
    assert back.schema.field("a").metadata is None


def stream(table: pa.Table, options: pa.ipc.IpcWriteOptions | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def nulls(count: int) -> pa.Array:
    return pa.Array.from_buffers(pa.null(), count, [None])


def long_category() -> pa.Table:
    indices = pa.array(np.zeros(2**20, "int32"))
    return pa.table({"a": pa.DictionaryArray.from_arrays(indices, pa.array(["x" * 2**12]))})


def bomb() -> bytes:
    table = pa.table({"a": np.zeros(2**28, "int8")})
    return stream(table, pa.ipc.IpcWriteOptions(compression="zstd"))


TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "rows of nothing": lambda: stream(pa.table({"a": nulls(2**31 - 1)})),
    "batches of nothing": lambda: stream(pa.table({"a": pa.chunked_array([nulls(2**24)] * 9)})),
    "lists of nothing": lambda: stream(
        pa.table({"a": pa.ListArray.from_arrays(pa.array([0, 2**30], pa.int32()), nulls(2**30))})
    ),
    "a long category in every row": lambda: stream(long_category()),
    "a compressed bomb": bomb,
    "views of one long text": lambda: stream(pa.table({"a": pa.array(["x"], pa.string_view())})),
    "an extension": lambda: stream(pa.table({"a": pa.array([b"x" * 16], pa.uuid())})),
    "a union": lambda: stream(
        pa.table({"a": pa.UnionArray.from_sparse(pa.array([0], "i1"), [pa.array([1])])})
    ),
    "deep types": lambda: stream(pa.table({"a": pa.array([], nest(20))})),
    "many columns": lambda: stream(pa.table([[1]] * 10_001, names=["a"] * 10_001)),
}


def nest(depth: int) -> pa.DataType:
    return pa.list_(nest(depth - 1)) if depth else pa.int64()


@pytest.mark.parametrize("name", TOO_MUCH)
@pytest.mark.parametrize("tag", [b'{"table": 1}', b'{"index": ["values", [1, [""]], [null]]}'])
def test_a_stream_that_claims_more_than_it_holds_is_refused(line: Line, name: str, tag: bytes):
    before = psutil.Process().memory_info().rss
    forged = message(tag, TOO_MUCH[name]())
    with pytest.raises(wire.WireError):
        washing.wash(forged, line)
    assert psutil.Process().memory_info().rss - before < 2**28


def test_odd_truth_values_and_characters_do_not_arrive(line: Line):
    truth = message(b'{"array": ["|b1", [2], 1]}', b"\x02\x00")
    assert wire.unpack(washing.wash(truth, line)).view("u1").tolist() == [1, 0]
    for points in (0x110000, 0xD800, 2**32 - 1):
        text = message(b'{"array": ["<U1", [1], 1]}', points.to_bytes(4, "little"))
        with pytest.raises(wire.WireError):
            washing.wash(text, line)


# --- and through the judge --------------------------------------------------------------------


def test_what_cannot_be_washed_is_the_student_s_error(line: Line):
    line.answer = message(b'{"table": 1}', b"no stream")
    with pytest.raises(StudentError, match="WireError"):
        Student(line).f()


@pytest.mark.parametrize(
    ("told", "builtin"),
    [("KeyError", "KeyError"), ("[1, 2, 3]", ""), ("print", ""), ("SecretError", "")],
)
def test_only_a_built_in_exception_passes_for_one(line: Line, told: str, builtin: str):
    """Its name is shown even of a hidden test, so it must not carry what the test sent."""
    line.answer = wire.pack({"error": {"kind": told, "builtin": told, "message": "m"}})
    with pytest.raises(StudentError) as caught:
        Student(line).f()
    assert caught.value.builtin == builtin


def test_an_answer_of_this_very_process_is_not_washed():
    from autograder import service

    line = Line(service.answer(wire.pack({"do": "call", "name": "f", "args": [], "kwargs": {}}), {
        "f": lambda: FRAME,
    }))  # fmt: skip
    pd.testing.assert_frame_equal(Student(line).f(), FRAME)
    assert line not in washing._workers
