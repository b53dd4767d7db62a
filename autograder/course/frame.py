"""nbgrader in this process: its API on our course directory, quiet, with its failures made readable."""

import logging
import os
import sys
from typing import Any

from autograder.course.config import config_of
from autograder.course.folder import Course
from autograder.errors import OutgrowError


def nbgrader_api(course: Course) -> Any:
    """nbgrader's API on the course. It makes the gradebook if there is none.

    nbgrader calls `alembic` by name when it makes a gradebook, so our environment's programs go first on PATH.
    """
    from nbgrader.apps import NbGraderAPI
    from nbgrader.converters import GenerateSolution
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log, temp_attrs

    programs = os.path.dirname(sys.executable)  # noqa: PTH120
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + os.environ.get("PATH", "")
    config = config_of(course)
    directory = CourseDirectory(config=config)
    directory.log.setLevel(logging.CRITICAL)

    class Api(NbGraderAPI):
        """nbgrader's API, with the one command that it forgot."""

        def generate_solution(self, lab: str) -> dict[str, Any]:
            with temp_attrs(self.coursedir, assignment_id=lab):
                app = GenerateSolution(coursedir=self.coursedir, parent=self)
                app.force = True
                return capture_log(app)

    return Api(directory, config=config)


def require_success(result: dict[str, Any], what: str) -> None:
    """Raise OutgrowError with the last line of nbgrader's error if it failed."""
    if not result["success"]:
        lines = str(result.get("error", "")).strip().splitlines() or ["no reason given"]
        log = str(result.get("log", "")).strip().splitlines()
        fact = f"nbgrader failed: {lines[-1]}"
        raise OutgrowError(fact, what, f"Its log ends: {log[-1]}" if log else "")
