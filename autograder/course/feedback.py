"""Feedback: one page a student and lab, made of marks, reasons and the student's own text.

nbgrader's `generate_feedback` calls this exporter after it has put the gradebook's scores and
comments on the cells. Nothing a student wrote reaches the page except as escaped text or as a PNG;
hidden tests show their title and hint only, because a verdict holds no more of them.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades

from autograder import table
from autograder.course.outputs import png
from autograder.judge.submission import NOT_RUN
from autograder.judge.verdict import Report, Verdict, read_report
from autograder.notebook import grade_id
from autograder.plaintext import clean, line
from autograder.table import number


class GetMarks(GetGrades):
    """nbgrader's step that puts scores and comments on the cells; a mark still open stays open."""

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        place = (self.notebook_id, self.assignment_id, self.student_id)
        grade: Any = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, *place)
        if grade.auto_score is None and grade.manual_score is None:
            cell.metadata.nbgrader["score"] = None


class FeedbackExporter(Exporter):
    """nbgrader's feedback step, with our page."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, Any]:
        graded, resources = super().from_notebook_node(nb, resources, **kw)
        resources["output_extension"] = self.file_extension
        return render(graded, resources["nbgrader"]), resources


def render(nb: NotebookNode, about: dict[str, Any]) -> str:
    """The page of one autograded notebook; `about` is what nbgrader knows of it (student, score,
    …)."""
    report = read_report(nb.metadata.outgrow["report"])
    unread = all(verdict.message == NOT_RUN for verdict in report.verdicts)
    cells = {} if unread else {grade_id(cell): cell for cell in nb.cells if grade_id(cell)}
    page = {
        "title": nb.metadata.outgrow["title"],
        "lab": about["assignment"],
        "student": line(about["student"]),
        "score": number(about["score"]),
        "max_score": number(about["max_score"]),
        "penalty": number(about["late_penalty"]) if about["late_penalty"] else "",
        "waiting": any(_open(cell) for cell in cells.values()),
        "unread": unread,
        "notes": [_sentence(clean(note)) for note in report.notes],
        "tasks": [_task(name, cells, report) for name in cells if report.of(name)],
        "answers": [_answer(cell) for cell in cells.values() if _written(cell)],
    }
    return _template().render(page=page)


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters["prose"] = lambda text: Markup(table.prose(text))
    return environment.get_template("feedback.html")


def _written(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "markdown" and cell.metadata.nbgrader.grade)


def _open(cell: NotebookNode) -> bool:
    """Whether a graded cell has no score yet."""
    return bool(cell.metadata.nbgrader.grade and cell.metadata.nbgrader.get("score") is None)


def _task(name: str, cells: dict[str, NotebookNode], report: Report) -> dict[str, Any]:
    work, check = cells[f"task-{name}"], cells[name]
    return {
        "name": name,
        "mark": _mark(check),
        "tests": [_test(verdict) for verdict in table.merged(report.of(name))],
        "comment": work.metadata.nbgrader.get("comment") or "",
        "source": clean(work.source),
        "outputs": list(_outputs(work.get("outputs", []))),
    }


def _test(verdict: Verdict) -> dict[str, Any]:
    shown = {key: clean(value) for key, value in vars(verdict).items() if isinstance(value, str)}
    worth = {"worth": number(verdict.points), "earned_points": number(verdict.earned)}
    words = {"phrase": table.phrase(verdict), "message": clean(table.message(verdict))}
    return {**shown, **worth, **words, "hidden": verdict.hidden}


def _mark(cell: NotebookNode) -> str:
    """`7 of 9`, or that there is no mark yet."""
    marks = cell.metadata.nbgrader
    points = number(marks.points)
    return f"no mark yet, {points} points" if _open(cell) else f"{number(marks.score)} of {points}"


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:].rstrip('.')}."


def _answer(cell: NotebookNode) -> dict[str, str]:
    marks = cell.metadata.nbgrader
    return {
        "name": marks.grade_id,
        "mark": _mark(cell),
        "source": clean(cell.source),
        "comment": marks.get("comment") or "",
    }


def _outputs(outputs: Iterable[NotebookNode]) -> Iterable[dict[str, str]]:
    """What a cell printed, as text, or as an image if it is truly a PNG."""
    for output in outputs:
        data = output.get("data", {})
        if image := png(data.get("image/png")):
            yield {"image": image, "text": ""}
        elif output.output_type == "error":
            yield {"image": "", "text": clean(f"{output.ename}: {output.evalue}")}
        else:
            text = output.get("text", data.get("text/plain", ""))
            yield {"image": "", "text": clean("".join(text))}
