"""No cell of the marks' table does anything in a spreadsheet."""

import csv
import io

import pytest

from autograder.course import export


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", '"=1', "'=1", "\u00a0=1",
        "\ufeff=1", "\u200b=1", "＝1", "＋1", "－1", "＠1", "−1", "|cmd", "%0A=1", "“=1", " ' =1",
        "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example")', "\x1b[31m=1", "ada;=1",
    ],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_text(text: str):
    file = io.StringIO()
    csv.writer(file).writerow([export.inert(text), 1.5])
    (row,) = csv.reader(io.StringIO(file.getvalue()))
    assert row[0][0] in "'a⟨"
    assert row[0].isprintable()
    for separator in (";", "\t"):
        (other,) = csv.reader(io.StringIO(file.getvalue()), delimiter=separator)
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in other)


@pytest.mark.parametrize("text", ["ada", "ada.b-c@uni.example", "Ångström, A.", "02_lab", "a+b=c"])
def test_an_honest_name_stays_as_it_is(text: str):
    assert export.inert(text) == text
