"""What pages are made from: claims, the route, uses of words, references, tables."""

import re
from html import unescape
from pathlib import Path

import pytest

from infra.tables import TABLES
from lectures._site import api, backlinks, claims, route, schemas, unit_bar
from lectures._site.problem import PageProblem
from lectures._site.units import Unit, units

LECTURES = Path(__file__).parents[2] / "lectures"
TABLE = """<table><thead><tr><th>claim</th><th>measured here</th><th>verdict</th></tr></thead>
<tbody><tr><td>Take hash(key)</td><td>3 &lt; 4 | 5</td><td>false*</td></tr></tbody></table>"""


def outputs(markup: str) -> list[list[dict]]:
    return [[{"output_type": "execute_result", "data": {"text/html": markup}}]]


def test_claims_are_read_from_what_a_lecture_gave():
    found = claims.of(outputs(TABLE), "02_graphs.md")
    assert found == [claims.Claim("Take hash(key)", "3 < 4 | 5", "false*")]
    row = claims.table({"02_graphs.md": ("Graphs", found)}, "../").split("\n")[-1]
    page = "[Graphs](../02_graphs.md#claims-measured)"
    assert row == rf"| Take hash(key) | 3 &lt; 4 &#124; 5 | false\* | {page} |"


def test_a_lecture_without_claims_is_refused():
    with pytest.raises(PageProblem, match=r"02_graphs.md: the lecture has no table of claims"):
        claims.of(outputs(TABLE.replace("verdict", "opinion")), "02_graphs.md")


def test_the_table_of_claims_says_what_the_lectures_say(site: Path):
    all_of_them = _rows((site / "claims.html").read_text("utf-8"))
    assert len(all_of_them) > 30
    for lecture in LECTURES.glob("[0-9][0-9]_*.md"):
        page = (site / f"{lecture.stem}.html").read_text("utf-8")
        own = _rows(page.partition('id="claims-measured"')[2])
        assert own
        assert {row[:3] for row in own} <= {row[:3] for row in all_of_them}


def _rows(page: str) -> list[tuple[str, ...]]:
    """The rows of the first table of a piece of a page, as texts."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = (re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in table.split("</tr>"))
    plain = ([unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in row] for row in rows)
    return [tuple(row) for row in plain if row]


ROUTE = [
    Unit("02_graphs", "Graphs", "", 20, 90, before=("01_scale",)),
    Unit("03_order", "Order", "", 20, 25, before=("02_graphs",)),
]


def test_the_route_is_drawn_and_said_alike():
    dot = route.dot(ROUTE)
    assert '"01_scale" -> "02_graphs"' in dot
    assert '"02_graphs" -> "03_order"' in dot
    assert 'style=rounded label="02 Graphs\\n1 h 50 min"' in dot
    assert 'style="rounded,dashed" label="01 Scale\\n(not written yet)"' in dot
    assert route.words(ROUTE).endswith("03 Order comes after 02 Graphs.")
    assert route.items(ROUTE, "../").split("\n") == [
        "- 02 Graphs: after [01 Scale](../01_scale.md)",
        "- 03 Order: after [02 Graphs](../02_graphs.md)",
    ]


def test_the_route_of_the_course_is_that_of_the_labs_headers():
    before = {unit.name: unit.before for unit in units()}
    assert before["10_spark"] == ("02_task_graphs", "09_mapreduce")


def test_a_word_leads_back_to_the_sections_that_use_it(tmp_path: Path):
    (tmp_path / "02_graphs.md").write_text(
        "# Graphs\n\nA [task](glossary.md#task).\n\n## The *first* `order`\n\n"
        "A [cycle](glossary.md#cycle), a [task](glossary.md#task).\n\n"
        "```text\n[no](glossary.md#link)\n```\n"
    )
    lines = backlinks.with_uses(["# Glossary", "## Cycle", "Text.", "## Link", "Text."], tmp_path)
    use = "Used in [Graphs](02_graphs.md#the-first-order)."
    assert lines == [
        "# Glossary",
        "## Cycle",
        "Text.",
        "",
        use,
        "{ .uses }",
        "",
        "## Link",
        "Text.",
    ]
    assert backlinks.uses(tmp_path)["task"] == [("02_graphs.md", "Graphs", "")]


def test_most_words_of_the_glossary_are_used():
    words = re.findall(r"(?m)^## ", (LECTURES / "glossary.md").read_text("utf-8"))
    assert len(backlinks.uses(LECTURES)) > len(words) / 2


def test_the_reference_has_every_public_name_with_its_items():
    for name in ("infra", "autograder.testing"):
        module = __import__(name, fromlist=["__all__"])
        text = api.reference(name)
        assert re.findall(r"(?m)^### `(\w+)`$", text) == list(module.__all__)
        assert "_clients" not in text
        assert "self" not in text.replace("itself", "")
    facts = api.reference("infra").partition("### `DaskFacts`")[2].partition("\n### ")[0]
    assert "- `tasks`: tasks that ran to a result." in facts


def test_a_module_that_cannot_be_described_is_refused():
    with pytest.raises(PageProblem, match=r"api infra.world: it cannot be described"):
        api.reference("infra.world")


def test_every_column_of_every_table_is_listed():
    text = schemas.schemas()
    for name, module in TABLES.items():
        part = text.partition(f"### `{name}`")[2].partition("\n### ")[0]
        for field in module.SCHEMA:
            assert f"| `{field.name}` | {field.type} |" in part


def test_a_lecture_leads_to_its_lab_its_slides_and_its_quiz(tmp_path: Path):
    page = tmp_path / "02_graphs.md"
    assert "[Slides](02_graphs.md?slides)" in unit_bar.with_bar(["# Graphs", "Text"], page)
    (tmp_path / "labs").mkdir()
    for file in ("labs/02_graphs.md", "02_graphs.quiz.yml"):
        (tmp_path / file).touch()
    bar = unit_bar.with_bar(["# Graphs", "Text"], page)
    assert "[Lab](labs/02_graphs.md) · [Slides](02_graphs.md?slides) · [Quiz](#quiz)" in bar
