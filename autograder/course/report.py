"""The item report of a lab: one page for instructors, and the same numbers as CSV and Parquet.

It reads the reports in the autograded notebooks, and of each notebook no more than its metadata. A
submission that never ran, or could not be judged, is listed and counts nowhere else.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from autograder import table
from autograder.answers import read_answers
from autograder.course.export import inert
from autograder.course.folder import Course
from autograder.course.items import Item, Misconception, histogram, items, quartiles
from autograder.errors import OutgrowError
from autograder.judge.submission import NOT_RUN
from autograder.judge.verdict import Report, read_report
from autograder.plaintext import line

METADATA = b'\n "metadata": '  # of the whole notebook: one step in, where no cell's stands
KINDS = ("failed", "error", "timeout", "memory", "crashed", "not tried")
ENDINGS = ("csv", "parquet")


@dataclass(frozen=True)
class Graded:
    """A student's submission: its report, or None if there is none; `state` is `judged`, or why it
    counts nowhere, and `note` what there is to say."""

    student: str
    report: Report | None
    state: str
    note: str = ""


def write_report(course: Course, lab: str, folder: Path) -> list[Path]:
    """Write the report of a lab into a folder; return the files, the page first."""
    found = graded(course, lab)
    if not any(one.report for one in found):
        remedy = f"Run `outgrow course grade {lab}`."
        raise OutgrowError(f"nothing of {lab} is graded", course.root, remedy)
    reports = [one.report for one in found if one.report and one.state == "judged"]
    analysed = items(reports, misconceptions(course, lab))
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{lab}.html"
    page.write_text(render(lab, course.lab(lab).title, found, analysed), "utf-8")
    return [page, *_write_tables(folder, lab, found, analysed)]


def graded(course: Course, lab: str) -> list[Graded]:
    """Everybody who handed something in for a lab, by name."""
    return [_graded(course, lab, student) for student in course.students(lab)]


def _graded(course: Course, lab: str, student: str) -> Graded:
    path = course.notebook("autograded", lab, student)
    if not path.is_file():
        return Graded(student, None, "not graded", "not graded yet")
    report = report_in(path)
    note = "; ".join(report.notes)
    if not report.judged:
        return Graded(student, report, "not judged", note or "a fault of ours: grade it again")
    if all(verdict.message == NOT_RUN for verdict in report.verdicts):
        return Graded(student, report, "never ran", note or "it could not be read")
    return Graded(student, report, "judged", note)


def report_in(path: Path) -> Report:
    """The report in an autograded notebook, whose cells stay unread if it is written as nbformat
    writes it."""
    content = path.read_bytes()
    start = content.rfind(METADATA)
    try:
        if start < 0:
            raise ValueError
        text = content[start + len(METADATA) :].decode()
        return read_report(json.JSONDecoder().raw_decode(text)[0]["outgrow"]["report"])
    except (ValueError, KeyError, TypeError):
        return _report_in_whole(path, content)


def _report_in_whole(path: Path, content: bytes) -> Report:
    try:
        return read_report(json.loads(content)["metadata"]["outgrow"]["report"])
    except (ValueError, KeyError, TypeError) as error:
        fact = f"there is no report of ours in it ({type(error).__name__})"
        raise OutgrowError(fact, path, "Grade this submission again.") from None


def misconceptions(course: Course, lab: str) -> list[Misconception]:
    """The lab's wrong answers, named by the first lines of their docstrings."""
    import ast

    wrong = [answer for answer in read_answers(course.lab(lab)) if not answer.right]
    docstrings = [ast.get_docstring(ast.parse(answer.source)) or "" for answer in wrong]
    names = [text.partition("\n")[0] for text in docstrings]
    return [Misconception(n, a.caught_by, a.hint) for n, a in zip(names, wrong, strict=True)]


# --- the page ---------------------------------------------------------------------------------


def render(lab: str, title: str, found: Sequence[Graded], analysed: Sequence[Item]) -> str:
    """The page. Nothing of a student's is in it but as escaped text."""
    judged = [one.report for one in found if one.report and one.state == "judged"]
    marks = [report.earned for report in judged]
    points = max((report.points for report in judged), default=0.0)
    page = {
        "lab": lab,
        "title": title,
        "submissions": len(found),
        "marks": marks,
        "points": points,
        "quartiles": quartiles(marks),
        "bins": histogram(marks, points),
        "items": analysed,
        "findings": [(item, finding) for item in analysed for finding in item.findings],
        "absent": [one for one in found if one.state != "judged"],
    }
    return _template().render(page=page)


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = {"prose": _prose, "line": line, "number": table.number}
    environment.filters.update(filters)
    return environment.get_template("report.html")


def _prose(text: str) -> Markup:
    return Markup(table.prose(line(text)))


# --- tables -----------------------------------------------------------------------------------


def _write_tables(
    folder: Path, lab: str, found: Sequence[Graded], analysed: Sequence[Item]
) -> Iterator[Path]:
    rows = {
        "marks": [_mark(lab, one) for one in found],
        "tests": [_test(lab, item) for item in analysed],
        "findings": [
            {"lab": lab, "test": item.test, **vars(finding)}
            for item in analysed
            for finding in item.findings
        ],
    }
    for name, found_rows in rows.items():
        for ending in ENDINGS:
            path = folder / f"{lab}-{name}.{ending}"
            _WRITERS[ending](path, COLUMNS[name], found_rows)
            yield path


def _mark(lab: str, one: Graded) -> dict[str, Any]:
    earned = one.report.earned if one.report and one.state in ("judged", "never ran") else None
    points = one.report.points if one.report else None
    about = {"lab": lab, "student": one.student, "points": earned, "max_points": points}
    return {**about, "state": one.state, "note": line(one.note)}


def _test(lab: str, item: Item) -> dict[str, Any]:
    names = ("test", "task", "title", "hidden", "points", "judged", "passed", "discrimination")
    about = {"lab": lab, **{name: getattr(item, name) for name in names}}
    counts = {kind.replace(" ", "_"): item.outcomes.get(kind, 0) for kind in KINDS}
    return {**about, "pass_rate": item.rate, "mean_seconds": item.seconds, **counts}


COLUMNS = {
    "marks": {
        "lab": "string", "student": "string", "points": "double", "max_points": "double",
        "state": "string", "note": "string",
    },
    "tests": {
        "lab": "string", "test": "string", "task": "string", "title": "string", "hidden": "bool",
        "points": "double", "judged": "int64", "passed": "int64", "pass_rate": "double",
        "discrimination": "double", "mean_seconds": "double",
        **dict.fromkeys((kind.replace(" ", "_") for kind in KINDS), "int64"),
    },
    "findings": {
        "lab": "string", "test": "string", "kind": "string", "text": "string", "count": "int64",
    },
}  # fmt: skip


def _write_csv(path: Path, columns: dict[str, str], rows: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            cells = (row[name] for name in columns)
            writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in cells])


def _write_parquet(path: Path, columns: dict[str, str], rows: Sequence[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    clean = [{**row, **{k: _text(v) for k, v in row.items() if isinstance(v, str)}} for row in rows]
    pq.write_table(pa.Table.from_pylist(clean, schema), path)


def _text(value: str) -> str:
    return line(value, most=2000)


_WRITERS = {"csv": _write_csv, "parquet": _write_parquet}
