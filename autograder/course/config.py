"""nbgrader's configuration of a course: its own commands and formgrader go through our steps."""

from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograder.course.folder import Course, open_course

TEXT_STUB = "*Write your answer here.*"
STUB = "raise NotImplementedError  # write your answer here"


def configure(c: Any, config_file: str) -> None:
    """Fill nbgrader's config object `c` for the course that `config_file` lies in."""
    c.merge(config_of(open_course(Path(config_file).parent)))


def config_of(course: Course) -> Config:
    """nbgrader's configuration of a course."""
    from nbgrader.preprocessors import LockCells

    from autograder.course import plain, steps
    from autograder.course.aside import before_autograde
    from autograder.course.database import prepare
    from autograder.course.feedback import FeedbackExporter, GetMarks
    from autograder.course.lateness import AssignLateness

    prepare()

    c = plain.grading_page()
    c.CourseDirectory.root = str(course.root)
    c.CourseDirectory.course_id = course.id
    c.CourseDirectory.db_url = course.gradebook
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__"]
    c.ClearSolutions.code_stub = {"python": STUB}
    c.ClearSolutions.text_stub = TEXT_STUB
    c.GenerateSolution.preprocessors = [LockCells, steps.DropMarks]
    c.Autograde.pre_convert_hook = before_autograde
    c.Autograde.exporter_class = steps.IntakeExporter
    c.Autograde.sanitize_preprocessors = [steps.KeepIntake]
    c.Autograde.autograde_preprocessors = [steps.Judge, steps.SaveMarks, AssignLateness]
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = [AssignLateness, GetMarks]
    return c
