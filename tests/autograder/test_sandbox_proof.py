"""The proof of confinement, and the watchdog's sums: what the kernel says of a process."""

from pathlib import Path

import pytest

from autograder.sandbox import watchdog
from autograder.sandbox.confine import NotConfined, namespaces, prove


def test_the_proof_names_what_a_process_still_has():
    with pytest.raises(NotConfined, match=r"Cap|NoNewPrivs|Seccomp"):
        prove({})


def test_a_process_that_has_not_left_our_namespaces_is_found_out(monkeypatch: pytest.MonkeyPatch):
    sealed = "".join(f"{name}:\t0\n" for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
    sealed += "NoNewPrivs:\t1\nSeccomp:\t2\nThreads:\t1\nUid:\t1000\t1000\t1000\t1000\n"
    monkeypatch.setattr(Path, "read_text", lambda _: sealed)
    with pytest.raises(NotConfined, match="the user namespace is the grader's"):
        prove(namespaces())


def test_shared_memory_counts_once():
    me = [Path("/proc/self")]
    assert 0 < watchdog.used(me, 0) <= watchdog.used(me, 2**60)
