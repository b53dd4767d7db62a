"""Washing: what the student sent is decoded where it harms nobody, and comes out plain or not at
all."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pytest

from autograder import wire
from autograder.judge import specimen, washing
from autograder.judge.faults import Infrastructure
from autograder.judge.student import Student
from autograder.testing import StudentError
from tests.autograder.messages import FRAME, Line, answer, message

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="washing needs fork")


@pytest.fixture(params=[True, False], ids=["shut in", "unsafe"])
def either(request: pytest.FixtureRequest) -> Line:
    """A line of either kind."""
    return Line(sandbox=request.param)


def basin_of(line: Line) -> psutil.Process:
    """The basin that this line's worker comes from: a room's is its first process's child."""
    started = psutil.Process(washing._basin(os.getpid(), line.sandbox).pid)
    return started.children()[0] if line.sandbox else started


def test_what_is_honest_comes_out_as_it_went_in(either: Line):
    sent = answer([FRAME, np.eye(3), b"bytes", {"a": (1, 2.5)}])
    assert washing.wash(sent, either) == sent


def test_all_that_the_wire_carries_is_washed_alike_where_nothing_can_be_opened():
    sent = answer([*specimen.plain(), *specimen.arrays(), *specimen.columns()])
    assert washing.wash(sent, Line()) == washing.wash(sent, Line(sandbox=False))


def test_every_time_zone_is_at_hand_where_nothing_can_be_opened(line: Line):
    for zone in ("Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia", "UTC", "UTC+05:45"):
        sent = answer(pd.Series(pd.to_datetime(["2026-07-01"]).tz_localize(zone)))
        assert str(wire.unpack(washing.wash(sent, line))["value"].dt.tz) == zone


def test_a_small_message_without_blobs_needs_no_other_process(line: Line):
    sent = answer({"a": [1, "b"]})
    assert washing.wash(sent, line) is sent
    assert line not in washing._workers


def test_one_basin_serves_all_and_each_submission_has_its_own_worker(either: Line):
    first, second = Line(sandbox=either.sandbox), Line(sandbox=either.sandbox)
    washing.wash(answer(FRAME), either)
    basin = basin_of(either)
    others = basin.children()
    for line in (first, second, first):
        washing.wash(answer(FRAME), line)
    assert basin_of(either) == basin
    assert washing._workers[first] is not washing._workers[second]
    workers = [p for p in basin.children() if p not in others]
    assert len(workers) == 2
    del line, first, second
    gone, _ = psutil.wait_procs(workers, 10)
    assert len(gone) == 2


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_costs_one_answer_and_is_replaced(line: Line, how: signal.Signals):
    washing.wash(answer(FRAME), line)
    basin = basin_of(line)
    workers = basin.children()
    for worker in workers:
        worker.send_signal(how)
    psutil.wait_procs(workers, 10)
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
        patch.setattr(washing, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            washing.wash(answer(FRAME), line)
    other = answer(FRAME.head(3))
    assert washing.wash(other, line) == other


def test_a_basin_that_is_gone_is_replaced_without_a_loss(either: Line):
    washing.wash(answer(FRAME), either)
    basin = basin_of(either)
    basin.kill()
    psutil.wait_procs([basin], 10)
    other = Line(sandbox=either.sandbox)
    assert washing.wash(answer(FRAME), other) == answer(FRAME)


def test_a_worker_that_dies_with_its_room_is_our_fault(line: Line):
    line.answer = answer(FRAME)
    Student(line).f()
    room = psutil.Process(washing._basin(os.getpid(), line.sandbox).pid)
    room.kill()
    psutil.wait_procs([room], 10)
    with pytest.raises(Infrastructure, match="is gone"):
        Student(line).f()
    assert isinstance(Student(line).f(), pd.DataFrame)


def test_a_basin_that_does_not_start_is_no_fault_of_the_student(
    either: Line, other_basin: Callable[..., None]
):
    other_basin("/bin/false")
    either.answer = answer(FRAME)
    with pytest.raises(Infrastructure, match="did not start"):
        Student(either).f()


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
    hasty = "import sys; from autograder.judge import basin as b; b.CPU_SECONDS = 0.02"
    other_basin(sys.executable, "-I", "-c", f"{hasty}; b.main(sys.argv[1:])")
    with pytest.raises(wire.WireError, match="too much memory or time"):
        washing.wash(wire.pack(list(range(10**6))), line)


def test_keys_chosen_to_have_one_hash_are_refused(line: Line):
    same = [f'{{"int": "{i * (2**61 - 1):#x}"}}' for i in range(1, 2_000)]
    text = '{"set": [' + ",".join([*same, *map(str, range(2_000))]) + "]}"
    with pytest.raises(wire.WireError, match="same hash"):
        washing.wash(message(text.encode()), line)


def test_nothing_is_left_when_the_judge_is_gone(either: Line):
    code = f"""if True:
        import os, psutil
        from tests.autograder.messages import FRAME, Line, answer
        from autograder.judge import washing
        washing.wash(answer(FRAME), line := Line(sandbox={either.sandbox}))
        print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
        os.kill(os.getpid(), {signal.SIGKILL:d})
    """
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) >= 2, done.stderr
    left = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    assert psutil.wait_procs(left, 10)[1] == []


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
