"""The steps of grading, as nbgrader's converter runs them: take in, judge, save marks.

nbgrader, its formgrader button and `outgrow course grade` all come through here, so all give the
same marks.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.preprocessors.saveautogrades import SaveAutoGrades

from autograder import table
from autograder.course import plain
from autograder.course.exam import exam_of, planned_of, same_points
from autograder.course.folder import Course, open_course
from autograder.excerpt import BEGIN, END
from autograder.intake import same_files, take_in
from autograder.judge.seeds import seeds
from autograder.judge.submission import judge_notebook, refuse
from autograder.judge.verdict import Report, read_report, score
from autograder.notebook import grade_id
from autograder.sandbox.probe import require

UNSAFE = "graded without the sandbox (--unsafe)"


class IntakeExporter(NotebookExporter):
    """Reads a submission through `intake`; reads anything else as nbgrader does."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        about = resources["nbgrader"]
        course = open_course(Path(self.parent.coursedir.root))  # type: ignore[union-attr]
        lab, student = about["assignment"], about["student"]
        if Path(filename).resolve() != course.notebook("submitted", lab, student).resolve():
            return super().from_filename(filename, resources, **kw)
        return self.from_notebook_node(submission(course, lab, student), resources, **kw)


def submission(course: Course, lab: str, student: str) -> NotebookNode:
    """A student's notebook as it will be judged, with what intake noted in its metadata."""
    submitted = course.notebook("submitted", lab, student)
    release = nbformat.read(course.notebook("release", lab), as_version=4)
    taken = take_in(submitted, release)
    ours = taken.notebook.metadata.outgrow
    renamed = [f"the file was called {n}, not {submitted.name}" for n in same_files(submitted)]
    ours["notes"], ours["problem"] = [*renamed, *taken.notes], taken.problem
    return taken.notebook


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
    """Judges the notebook, unless `grade` has just done so, and writes verdicts under each check
    cell."""

    ready: dict[tuple[str, str], NotebookNode] = {}  # noqa: RUF012

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        about = resources["nbgrader"]
        lab, student = about["assignment"], about["student"]
        if judged := self.ready.pop((lab, student), None):
            return judged, resources
        course = open_course(Path(self.parent.parent.coursedir.root))  # type: ignore[union-attr]
        require()
        return judge_submission(course, lab, student, nb), resources


def judge_submission(
    course: Course, lab: str, student: str, nb: NotebookNode, sandbox: bool = True
) -> NotebookNode:
    """The notebook that intake has made, with outputs, verdicts and report in it.

    Without the `sandbox` the submission may do what we may, and the report says so.
    """
    ours = nb.metadata.outgrow
    same_points(course, lab, nb)
    if ours.get("problem"):
        report = refuse(planned_of(course, lab))
    else:
        seed = seeds(course.secret, course.id, lab, student)
        report = judge_notebook(nb, exam_of(course, lab, sandbox), seed)
    notes = (*ours.get("notes", ()), *(() if sandbox else (UNSAFE,)))
    report = Report(report.verdicts, notes, report.seconds, "full" if sandbox else "none")
    ours["report"] = report.plain()
    show(nb, report)
    return nb


def show(nb: NotebookNode, report: Report) -> None:
    """Give each check cell its table, and the others plain outputs; the table's plain text is the
    score, which stock nbgrader reads too."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = plain.outputs(cell.outputs)
        verdicts = report.of(grade_id(cell))
        if cell.cell_type == "code" and verdicts:
            data = {
                "text/plain": str(score(verdicts)),
                "text/html": table.html(grade_id(cell), verdicts),
            }
            cell.outputs = [new_output("execute_result", data, execution_count=None)]


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
