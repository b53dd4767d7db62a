"""The steps of grading, as nbgrader's converter runs them: take in, judge, save marks.

nbgrader's own commands and formgrader's button come through here, and judge as `outgrow course
grade` does, so all give the same marks.
"""

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.preprocessors.saveautogrades import SaveAutoGrades

from autograder.course.folder import open_course
from autograder.course.judging import judge_submission, submission
from autograder.course.release import measure_here
from autograder.excerpt import BEGIN, END
from autograder.judge.verdict import read_report, score
from autograder.notebook import grade_id
from autograder.sandbox.probe import require


class IntakeExporter(NotebookExporter):
    """Reads a submission through `intake`; reads anything else as nbgrader does."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        about = resources["nbgrader"]
        course = open_course(Path(self.parent.coursedir.root))  # type: ignore[union-attr]
        lab, student = about["assignment"], about["student"]
        if Path(filename).resolve() != course.notebook("submitted", lab, student).resolve():
            return super().from_filename(filename, resources, **kw)
        return self.from_notebook_node(submission(course, lab, student), resources, **kw)


class DropMarks(NbGraderPreprocessor):
    """Takes nbgrader's marks out of the solution notebook, and leaves what stands between them."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        for cell in nb.cells:
            lines = cell.source.splitlines()
            cell.source = "\n".join(line for line in lines if line.strip() not in (BEGIN, END))
        return nb, resources


class KeepIntake(NbGraderPreprocessor):
    """nbgrader wants a first pass; intake has done its work already."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        return nb, resources


class Judge(NbGraderPreprocessor):
    """Judges the notebook, and writes verdicts under each check cell."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        about = resources["nbgrader"]
        lab, student = about["assignment"], about["student"]
        course = open_course(Path(self.parent.parent.coursedir.root))  # type: ignore[union-attr]
        require()
        measure_here(course, lab)
        judge_submission(course, lab, student, nb)
        nb.metadata.outgrow.pop("unanswered", None)
        return nb, resources


class SaveMarks(SaveAutoGrades):
    """Books the marks from the verdicts; a test without a verdict leaves the mark open, never
    zero."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self.report = read_report(nb.metadata.outgrow["report"])
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        verdicts = self.report.of(grade_id(cell))
        if not verdicts:
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            grade_id(cell), self.notebook_id, self.assignment_id, self.student_id
        )
        judged = all(v.outcome != "infrastructure" for v in verdicts)
        booked: Any = grade
        booked.auto_score = score(verdicts) if judged else None
        booked.needs_manual_grade = booked.manual_score is not None or not judged
        self.gradebook.db.commit()
