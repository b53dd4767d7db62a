"""Stock nbgrader as the peer: its notebooks, with answers and asserts in them, and its grading."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course.frame import quietly, require_success

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook(head: str, answers: Mapping[str, str], checks: Mapping[str, Iterable[str]]) -> Any:
    """A notebook that begins with the cell `head`; after each answer, by task, come its checks, a
    point each."""
    cells = [new_code_cell(head)]
    for task, source in answers.items():
        cells.append(_marked(source.strip(), f"task-{task}", solution=True))
        for number, check in enumerate(checks[task]):
            cells.append(_marked(check, f"{task}-{number}", grade=True, locked=True, points=1))
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def _marked(source: str, name: str, **flags: Any) -> Any:
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    marks = {**plain, "schema_version": 3, "cell_type": "code", "grade_id": name, **flags}
    return new_code_cell(source, metadata={"nbgrader": marks})


def course(root: Path, lab: str, source: Any, execute: Mapping[str, Any]) -> Any:
    """nbgrader's API on a new course with one lab, `execute` being the settings of its executor."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    config = Config({"Execute": dict(execute)})
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "stock"
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    api: Any = NbGraderAPI(config=config)
    _write(root / "source" / lab, source)
    require_success(quietly(api.generate_assignment, lab), "generating")
    return api


def grade(api: Any, lab: str, student: str, submission: Any) -> tuple[float, float]:
    """Seconds and points of one submission."""
    _write(Path(api.config.CourseDirectory.root) / "submitted" / student / lab, submission)
    start = time.perf_counter()
    require_success(quietly(api.autograde, lab, student), student)
    seconds = time.perf_counter() - start
    with api.gradebook as gradebook:
        return seconds, gradebook.find_submission(lab, student).score


def _write(folder: Path, nb: Any) -> None:
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / f"{folder.name}.ipynb")
