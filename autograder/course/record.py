"""The record of a run: one line of JSON for each thing that happened, written as it happens.

A record says with what a mark was made (versions, machine, seeds, digests) and what came of it
(each verdict, the seconds of each phase), so that any mark can be explained, and made again.
Records lie in `.outgrow/runs/`, one file a run, and are never changed afterwards.
"""

import json
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograder.course.folder import Course
from autograder.course.judging import Judged
from autograder.errors import OutgrowError
from autograder.judge.seeds import seeds

PACKAGES = (
    "outgrow", "dask", "distributed", "ipykernel", "jupyter_client", "nbgrader", "numpy", "pandas",
    "pyarrow", "pyspark", "pytest",
)  # fmt: skip


class Record:
    """The record of one run, open for writing."""

    def __init__(self, course: Course) -> None:
        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
        self.course = course
        self.path = course.private / "runs" / f"{stamp}-{os.getpid()}.jsonl"

    def begin(self, **about: Any) -> None:
        """The first line: what there is to be done, and where, with what. Raises OutgrowError if
        it cannot be written: no mark is given that cannot be explained."""
        try:
            self.path.parent.mkdir(exist_ok=True)
            self.write("run", **about, machine=machine(), versions=versions())
        except OSError as error:
            fact = f"the run's record cannot be written: {(error.strerror or str(error)).lower()}"
            raise OutgrowError(fact, self.path, "Mend that, then grade again.") from None

    def mark(self, judged: Judged) -> None:
        """A submission that was judged and booked. Of a verdict, what is empty is left out."""
        seed = seeds(self.course.secret, self.course.id, judged.lab, judged.student)
        verdicts = [
            {"seed": seed(v.test)} | {key: value for key, value in vars(v).items() if value}
            for v in judged.report.verdicts
        ]
        about = {key: getattr(judged, key) for key in ("lab", "student", "fingerprint", "host")}
        phases = {name: round(seconds, 4) for name, seconds in judged.phases.items()}
        report = {"earned": judged.report.earned, "points": judged.report.points}
        notes = {"sandbox": judged.report.sandbox, "notes": judged.report.notes}
        self.write("mark", **about, **report, **notes, seconds=phases, verdicts=verdicts)

    def write(self, what: str, **fields: Any) -> None:
        line = json.dumps({"what": what, "at": datetime.now(UTC).isoformat(), **fields})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def versions() -> dict[str, str]:
    """The versions of what a mark may depend on, Python's among them."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    return {"host": platform.node(), "system": platform.platform(), "cores": os.cpu_count()}


def entries(course: Course, what: str = "mark") -> Iterator[dict[str, Any]]:
    """What the records say, latest run first, latest entry first; the run's first line is in each
    entry as `run`. Lines that were cut off by a killed grader are passed over."""
    for path in sorted((course.private / "runs").glob("*.jsonl"), reverse=True):
        lines = list(_lines(path))
        run = next((line for line in lines if line["what"] == "run"), {})
        yield from ({**line, "run": run} for line in reversed(lines) if line["what"] == what)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for text in path.read_text("utf-8").splitlines():
        try:
            yield json.loads(text)
        except ValueError:
            continue
