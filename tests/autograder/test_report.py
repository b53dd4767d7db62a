"""The item report: what it says of a class, and that nothing of a student's runs in it."""

import csv
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from autograder.commands import outgrow
from autograder.course.folder import Course, init_course
from autograder.course.report import report_in, write_report
from autograder.errors import OutgrowError
from autograder.judge.verdict import Report, Verdict
from autograder.lab import Lab
from tests.autograder.notebooks import notebook, task
from tests.autograder.tiny import NAME

NASTY = "<script>planted()</script><img src=x onerror=planted()>\x1b[31m\u202e=1+1"
KINDS = ("marks", "tests", "findings")
NOT_RUN = "not run: the submission could not be read"
HINT = "Add the number to itself."
SMALL, ANY = "test_double_of_a_small_number", "test_double_of_any_number"


class Reader(HTMLParser):
    """The tags of a page, and the attributes that run or fetch something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.active: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.active |= {name for name, _ in attrs if name.startswith("on") or name == "src"}
        hrefs = [value or "" for name, value in attrs if name == "href"]
        self.active |= {href for href in hrefs if not href.startswith(("#", "data:,"))}


def verdict(test: str, outcome: str = "passed", **more: object) -> Verdict:
    hidden = test == ANY
    return Verdict(test, "double", f"Of {test}.", hidden, 1.0, outcome, **more)  # type: ignore[arg-type]


def graded(course: Course, student: str, *verdicts: Verdict, notes: tuple[str, ...] = ()) -> Path:
    """An autograded notebook as it is left by grading; its cells claim to be metadata."""
    course.notebook("submitted", NAME, student).parent.mkdir(parents=True)
    nb = notebook(task("double", 'x = """\n "metadata": {"outgrow": {"report": {}}}\n"""'))
    nb.metadata.outgrow = {"report": Report(verdicts, notes, 1.0, "full").plain()}
    path = course.notebook("autograded", NAME, student)
    path.parent.mkdir(parents=True)
    nbformat.write(nb, path)
    return path


@pytest.fixture
def course(lab: Lab, tmp_path: Path) -> Course:
    """A class: two are right, one squares, one is nasty, one could not be read, one has no mark."""
    course = init_course(tmp_path / "course", lab.folder.parent)
    for student in ("ada", "ben"):
        graded(course, student, verdict(SMALL, seconds=0.2), verdict(ANY, seconds=0.4))
    wrong = verdict(SMALL, "failed", hint=HINT, actual="441", expected="42")
    graded(course, "cy", wrong, verdict(ANY))
    nasty = verdict(SMALL, "failed", message=NASTY, actual=NASTY)
    graded(course, "mallory", nasty, verdict(ANY, "error", message=NASTY))
    graded(course, "nobody", *(verdict(t, "error", message=NOT_RUN) for t in (SMALL, ANY)),
           notes=(f"the file is no notebook {NASTY}",))  # fmt: skip
    graded(course, "ours", verdict(SMALL), verdict(ANY, "infrastructure"))
    course.notebook("submitted", NAME, "waits").parent.mkdir(parents=True)
    return course


def rows(folder: Path, kind: str) -> list[dict[str, str]]:
    with (folder / f"{NAME}-{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_class_is_counted_test_by_test(course: Course, tmp_path: Path):
    page, *_ = write_report(course, NAME, tmp_path / "report")
    small, hidden = rows(page.parent, "tests")
    assert (small["test"], small["judged"], small["passed"]) == (SMALL, "4", "2")
    assert (small["pass_rate"], small["failed"], small["mean_seconds"]) == ("0.5", "2", "0.1")
    assert float(small["discrimination"]) == pytest.approx(3**-0.5, abs=1e-6)
    assert (hidden["hidden"], hidden["passed"], hidden["error"]) == ("True", "3", "1")
    told = {row["student"]: (row["points"], row["state"]) for row in rows(page.parent, "marks")}
    assert told == {
        "ada": ("2.0", "judged"), "ben": ("2.0", "judged"), "cy": ("1.0", "judged"),
        "mallory": ("0.0", "judged"), "nobody": ("0.0", "never ran"), "ours": ("", "not judged"),
        "waits": ("", "not graded"),
    }  # fmt: skip
    (first, *_) = rows(page.parent, "findings")
    html = page.read_text("utf-8")
    assert first["kind"] == "misconception"
    assert first["text"] in html
    assert "7 submissions, 4 of them judged" in html
    assert "50 % " in html
    assert all(f'<th scope="row">{name}</th>' in html for name in ("nobody", "ours", "waits"))


def test_the_tables_say_the_same_as_parquet(course: Course, tmp_path: Path):
    page, *files = write_report(course, NAME, tmp_path)
    assert len(files) == 6
    for kind in KINDS:
        table = pq.read_table(page.with_name(f"{NAME}-{kind}.parquet"))
        found = rows(page.parent, kind)
        assert table.num_rows == len(found) > 0
        assert table.column_names == list(found[0])
    assert pq.read_table(files[1])["points"].to_pylist() == [2, 2, 1, 0, 0, None, None]


def test_nothing_of_a_student_runs_or_is_fetched(course: Course, tmp_path: Path):
    page, *_ = write_report(course, NAME, tmp_path)
    html = page.read_text("utf-8")
    read = Reader(html)
    assert not read.tags & {"script", "img", "iframe", "object", "form", "base"}
    assert read.active == set()
    assert "&lt;script&gt;planted()" in html
    assert "default-src 'none'" in html
    for text in (html, *(p.read_text("utf-8") for p in tmp_path.glob("*.csv"))):
        assert "\x1b" not in text
        assert "\u202e" not in text
    cells = [cell for kind in KINDS for row in rows(tmp_path, kind) for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_tables_and_figures_can_be_heard(course: Course, tmp_path: Path):
    page, *_ = write_report(course, NAME, tmp_path)
    html = page.read_text("utf-8")
    assert html.count("<table") == html.count("<caption>") == 4
    assert html.count('role="img"') == html.count("<desc") == 1
    assert "4 marks from 0 to 2 points, median 1.5" in html


def test_a_report_is_found_in_any_layout_and_only_where_it_belongs(course: Course):
    path = course.notebook("autograded", NAME, "cy")
    before = report_in(path)
    nb = nbformat.read(path, as_version=4)
    path.write_text(nbformat.writes(nb, indent=None), "utf-8")
    assert report_in(path) == before
    assert before.verdicts[0].hint == HINT
    del nb.metadata["outgrow"]
    nbformat.write(nb, path)
    with pytest.raises(OutgrowError, match="Grade this submission again"):
        report_in(path)


def test_where_nothing_is_graded_there_is_nothing_to_report(lab: Lab, tmp_path: Path):
    course = init_course(tmp_path / "course", lab.folder.parent)
    with pytest.raises(OutgrowError, match=f"outgrow course grade {NAME}"):
        write_report(course, NAME, tmp_path / "report")


def test_the_command_names_the_files_that_it_wrote(course: Course):
    command = ["course", "report", NAME[:2], "--course", str(course.root)]
    done = CliRunner().invoke(outgrow, command, catch_exceptions=False)
    paths = [Path(name) for name in done.output.splitlines()]
    assert [path.suffix for path in paths] == [".html", *[".csv", ".parquet"] * 3]
    assert {path.parent for path in paths if path.is_file()} == {course.root / "reports"}
