"""The table of units, from lectures and labs as they are."""

from pathlib import Path

import pytest

from lectures._site.problem import PageProblem
from lectures._site.units import Unit, table, units

LECTURE = "---\ntitle: Graphs in prose\ngoal: Find an order.\nminutes: 20\n---\n\n# Task graphs\n"
LAB = "# ---\n# title: Task graphs\n# minutes: 90\n# ---\n\n# %% given\n1\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "lectures").mkdir()
    (tmp_path / "lectures" / "02_task_graphs.md").write_text(LECTURE)
    (tmp_path / "lectures" / "glossary.md").write_text("# Glossary\n")
    for name, text in [("02_task_graphs", LAB), ("01_data_at_scale", LAB.replace("90", "45"))]:
        (tmp_path / "labs" / name).mkdir(parents=True)
        (tmp_path / "labs" / name / "lab.py").write_text(text)
    return tmp_path


def test_a_unit_has_what_its_lecture_and_its_lab_say(course: Path):
    assert units(course) == [
        Unit("01_data_at_scale", "Task graphs", "", None, 45),
        Unit("02_task_graphs", "Task graphs", "Find an order.", 20, 90),
    ]


def test_the_table_links_lectures_from_where_the_page_is(course: Path):
    *_, without, with_lecture = table(units(course), "../").split("\n")
    assert without == "| 01 Task graphs |  | – | 45&nbsp;min |"
    link = "[Task graphs](../02_task_graphs.md)"
    assert with_lecture == f"| 02 {link} | Find an order. | 20&nbsp;min | 90&nbsp;min |"


@pytest.mark.parametrize("file", ["lectures/02_task_graphs.md", "labs/01_data_at_scale/lab.py"])
def test_a_part_without_minutes_is_refused(course: Path, file: str):
    path = course / file
    path.write_text(path.read_text().replace("minutes: ", "hours: "))
    with pytest.raises(PageProblem, match=rf"{path.name}: it does not say how many minutes"):
        units(course)
