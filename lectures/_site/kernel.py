"""Run the fences of one page, in order, in one fresh kernel of this Python.

The kernel works in a temporary folder, so that a lecture leaves nothing behind in the checkout,
with a fixed hash seed and nobody's own settings: a page reads the same wherever it is built. Its
process group is killed at the end, and with it whatever the page had started.
"""

import asyncio
import logging
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from lectures._site.problem import PageProblem

# Below the name that the generator's command line shows; other hosts see an ordinary logger.
log = logging.getLogger("mkdocs.lectures")

FENCE_SECONDS = 180
_SAY_EVERY_SECONDS = 5.0
_ROOT = Path(__file__).parents[2]
_ARGV = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
_ANSI = re.compile(r"\x1b\[[0-9;]*m")

Output = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """One fence to run: its source, the exception it is to raise, and its place on the page."""

    source: str
    raises: str | None
    place: str


class _ThisPython(KernelSpecManager):
    """Starts the Python that runs the build, whatever kernels are installed on the machine."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [*_ARGV, "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


def run(page: str, jobs: Sequence[Job]) -> list[list[Output]]:
    """Run the jobs and return the notebook outputs (nbformat 4, as plain data) of each.

    Raises PageProblem for an exception that a job does not announce, one that it announces and
    that does not come, anything on stderr (warnings go there), a time-out and a kernel that dies.
    """
    begun = time.monotonic()
    log.info("%s: running %d fences", page, len(jobs))
    with TemporaryDirectory(prefix="outgrow-", ignore_cleanup_errors=True) as folder:
        outputs = asyncio.run(_run(page, jobs, Path(folder).resolve()))
    log.info("%s: ran %d fences in %.1f s", page, len(jobs), time.monotonic() - begun)
    return outputs


async def _run(page: str, jobs: Sequence[Job], folder: Path) -> list[list[Output]]:
    work = folder / "work"
    work.mkdir()
    manager = AsyncKernelManager(kernel_spec_manager=_ThisPython())
    notebook = new_notebook(cells=[new_code_cell(job.source) for job in jobs])
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=FENCE_SECONDS,
        allow_errors=True,
        coalesce_streams=True,
        resources={"metadata": {"path": str(work)}},
        extra_arguments=["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"],
    )
    try:
        await client.async_start_new_kernel(env=_environment(folder))
        channels = await client.async_start_new_kernel_client()
        try:
            return await _run_cells(page, jobs, client, work)
        finally:
            channels.stop_channels()
    finally:
        if manager.has_kernel:
            # "now" kills the process group, so with the kernel whatever the page has started.
            await manager.shutdown_kernel(now=True)


async def _run_cells(
    page: str, jobs: Sequence[Job], client: NotebookClient, work: Path
) -> list[list[Output]]:
    results: list[list[Output]] = []
    said = time.monotonic()
    for number, job in enumerate(jobs):
        if time.monotonic() - said > _SAY_EVERY_SECONDS:
            said = time.monotonic()
            log.info("%s: fence %d of %d", page, number + 1, len(jobs))
        cell = client.nb.cells[number]
        try:
            await client.async_execute_cell(cell, number)
        except CellTimeoutError:
            fact = f"it still runs after {FENCE_SECONDS} s."
            raise PageProblem(job.place, fact, "Make the example smaller.") from None
        except DeadKernelError:
            remedy = "Look for what ends the process: memory, os._exit, a crash in C."
            raise PageProblem(job.place, "the kernel died.", remedy) from None
        outputs = [_plain(output, work) for output in cell.outputs]
        _check(job, outputs)
        results.append(outputs)
    return results


def _environment(folder: Path) -> dict[str, str]:
    """The build's environment without what would make the pages differ between machines."""
    mine = ("DASK_", "OUTGROW_", "PYTHONWARNINGS", "IPYTHON", "JUPYTER_", "PYTEST_", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    return kept | {
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "DASK_CONFIG": str(folder / "dask"),
        "NO_COLOR": "1",
        "TZ": "UTC",
    }


def _check(job: Job, outputs: Sequence[Output]) -> None:
    """Hold a fence to what its first line announces."""
    raised = next((o for o in outputs if o["output_type"] == "error"), None)
    if raised and raised["ename"] != job.raises:
        fact = f"it raises {raised['ename']}: {raised['evalue']}."
        remedy = f"Mend the code, or announce it with `raises={raised['ename']}`."
        raise PageProblem(job.place, fact, remedy, "\n".join(raised["traceback"]))
    if job.raises and not raised:
        fact = f"it announces {job.raises}, and nothing is raised."
        raise PageProblem(job.place, fact, f"Drop `raises={job.raises}`, or mend the example.")
    stderr = "".join(o["text"] for o in outputs if o.get("name") == "stderr")
    if stderr:
        remedy = "Mend what warns, or print what the reader should see."
        raise PageProblem(job.place, "it writes to stderr (warnings do).", remedy, stderr)


def _plain(output: Any, work: Path) -> Output:
    """Copy an output without terminal colours and without traces of this machine."""
    found: Output = {"output_type": output["output_type"]}
    for field in ("name", "ename", "evalue", "text"):
        if field in output:
            found[field] = scrub(output[field], work)
    if "traceback" in output:
        found["traceback"] = [scrub(line, work) for line in output["traceback"]]
    if "data" in output:
        found["data"] = {
            kind: scrub(value, work) if isinstance(value, str) and kind != "image/png" else value
            for kind, value in output["data"].items()
        }
    return found


def scrub(text: str, work: Path) -> str:
    """Replace memory addresses and this machine's folders by what is the same everywhere."""
    text = _ANSI.sub("", text)
    text = re.sub(r"\bat 0x[0-9a-fA-F]+", "at 0x…", text)
    for folder, name in ((work, "."), (Path(sys.prefix), "…"), (_ROOT, "."), (Path.home(), "~")):
        if folder != Path(folder.anchor):
            text = re.sub(re.escape(str(folder)) + r"(?![\w-])(/(?=[\w.]))?", _named(name), text)
    return text


def _named(name: str) -> Any:
    """What stands for a folder: nothing before a path inside it if that reads as relative."""
    return lambda match: ("" if name == "." else f"{name}/") if match[1] else name
