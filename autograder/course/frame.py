"""nbgrader in this process: its API on our course directory, quiet, with its failures made
readable."""

import logging
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.course.config import config_of
from autograder.course.database import make
from autograder.course.folder import Course
from autograder.errors import OutgrowError


def nbgrader_api(course: Course) -> Any:
    """nbgrader's API on the course. It makes the gradebook if there is none."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.converters import GenerateSolution
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log, temp_attrs

    make(course)
    config = config_of(course)
    directory = CourseDirectory(config=config)
    directory.log.setLevel(logging.CRITICAL)

    class Api(NbGraderAPI):
        """nbgrader's API, with the one command that it forgot."""

        def generate_solution(self, lab: str) -> dict[str, Any]:
            with temp_attrs(self.coursedir, assignment_id=lab):
                app = GenerateSolution(coursedir=directory, parent=self)
                app.force = True
                return capture_log(app)

    return Api(directory, config=config)


def quietly(method: Callable[..., dict[str, Any]], *arguments: str) -> dict[str, Any]:
    """Call nbgrader's API without its SQLAlchemy warnings, which are about nbgrader's own
    queries."""
    from sqlalchemy.exc import SAWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        return method(*arguments)


def require_success(result: dict[str, Any], what: str) -> None:
    """Raise OutgrowError with the last line of nbgrader's error if it failed."""
    if not result["success"]:
        lines = str(result.get("error", "")).strip().splitlines() or ["no reason given"]
        log = str(result.get("log", "")).strip().splitlines()
        fact = f"nbgrader failed: {lines[-1]}"
        raise OutgrowError(fact, what, f"Its log ends: {log[-1]}" if log else "")


def write_feedback(course: Course, lab: str, students: Sequence[str] = ()) -> list[Path]:
    """Write the feedback pages of graded submissions; return where they are."""
    graded = sorted(p.parent.name for p in (course.root / "autograded").glob(f"*/{lab}"))
    if not graded:
        raise OutgrowError(
            f"nothing of {lab} is graded", course.root, f"Run `outgrow course grade {lab}`."
        )
    missing = sorted(set(students) - set(graded))
    if missing:
        raise OutgrowError(
            f"{', '.join(missing)} is not graded in {lab}", course.root, "Grade first."
        )
    api = nbgrader_api(course)
    for student in students or graded:
        require_success(quietly(api.generate_feedback, lab, student), f"feedback for {student}")
    return [course.root / "feedback" / s / lab / f"{lab}.html" for s in students or graded]
