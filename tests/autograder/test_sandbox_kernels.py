"""Kernels in the sandbox: what they are and have, what they may use, and what they may send."""

from pathlib import Path

import psutil
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.judge.kernel import Kernel
from tests.autograder.confined import MIB, assert_confined, tell

PROVISIONER = "outgrow-sandbox"


def test_a_kernel_in_the_sandbox_has_no_right_and_sees_only_its_own(kernel: Kernel):
    assert_confined(kernel)


def test_work_holds_the_bundle_without_notebooks_and_tests(kernel: Kernel):
    assert tell(
        kernel, "import os; print(sorted(os.listdir()), open('data/numbers.txt').read())"
    ) == ("['data'] 1 2 3")


def test_the_bundle_of_the_next_is_untouched_by_what_one_writes(bundle: Path):
    with Kernel(bundle, sandbox=True) as first:
        tell(first, "open('data/numbers.txt', 'w').write('9'); open('/tmp/left', 'w').write('x')")
    with Kernel(bundle, sandbox=True) as second:
        told = tell(
            second, "import os; print(open('data/numbers.txt').read(), os.path.exists('/tmp/left'))"
        )
    assert told == "1 2 3 False"


def test_memory_of_one_process_is_bounded(kernel: Kernel):
    run = kernel.execute("x = bytearray(8 * 2**30)", 30)
    assert (run.ended, run.error.partition(":")[0]) == ("error", "MemoryError")


@pytest.mark.slow
def test_memory_split_over_processes_is_added_up(bundle: Path):
    bomb = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        x = bytearray(b"x" * (300 * 2**20))
        time.sleep(60)
time.sleep(60)
"""
    with Kernel(bundle, sandbox=True) as kernel:
        run = kernel.execute(bomb, 60)
        assert run.ended == "memory"
        assert not kernel.alive()


def test_a_flood_of_output_ends_the_kernel_and_not_the_judge(kernel: Kernel):
    before = psutil.Process().memory_info().rss
    run = kernel.execute("while True: print('x' * 10**6)", 30)
    assert run.ended == "flood"
    assert not kernel.alive()
    assert psutil.Process().memory_info().rss - before < 600 * MIB


@pytest.mark.parametrize(
    "forged",
    [
        "s.send(b'[' * 200_000)",
        "s.send_multipart([b'x', b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}'])",
        "s.send_multipart([b'x', b'<IDS|MSG>'])",
    ],
    ids=["nested", "unsigned", "cut off"],
)
def test_a_forged_message_is_the_kernels_end_and_not_the_judges(kernel: Kernel, forged: str):
    source = f"s = get_ipython().kernel.iopub_socket.io_thread.socket\n{forged}"
    assert kernel.execute(source, 10).ended in ("ok", "crashed")


def test_nbclient_runs_a_notebook_in_the_sandbox(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        KernelProvisionerFactory.instance(), "default_provisioner_name", PROVISIONER
    )
    notebook = new_notebook(cells=[new_code_cell("import os; print(os.getcwd(), 6 * 7)")])
    NotebookClient(notebook, timeout=30).execute()
    assert notebook.cells[0].outputs[0].text == "/submission 42\n"


def test_dasks_worker_processes_run_and_die_in_the_room(bundle: Path):
    needs = {"dask": {"workers": 2, "processes": True, "memory": 400 * MIB}}
    with Kernel(bundle, needs, sandbox=True) as kernel:
        tell(kernel, "import os, infra; client = infra.connect()")
        told = tell(
            kernel,
            "pids = client.run(os.getpid)\n"
            "limits = {w['memory_limit'] for w in client.scheduler_info()['workers'].values()}\n"
            "os.kill(next(iter(pids.values())), 9)\n"
            "found = client.submit(lambda: 7, pure=False).result()\n"
            "print(len(set(pids.values())), limits, found, os.getpid() in pids.values())",
        )
        assert f"2 {{{400 * MIB}}} 7 False" in told.splitlines()
