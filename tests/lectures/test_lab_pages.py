"""Labs on the site: what students get, and nothing that they should find out themselves."""

import ast
import io
import json
import re
import zipfile
from base64 import b64decode
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.excerpt import Definition
from autograder.judge.session import plan
from autograder.lab import Lab, find_labs, read_lab
from autograder.notebook import instructor_notebook
from lectures._site import earlier, labs
from lectures._site.problem import PageProblem
from tests.test_labs import runs, solution_lines, text_of

ROOT = Path(__file__).parents[2]
LABS = [read_lab(folder) for folder in find_labs(ROOT / "labs")]
DATA = re.compile(r'download="([^"]+)" href="data:[^;]+;base64,([^"]+)"')
by_name = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)


def test_each_lab_has_its_page():
    pages = {page.stem for page in (ROOT / "lectures" / "labs").glob("*.md")}
    assert pages == {lab.name for lab in LABS}


def test_a_page_of_no_lab_is_refused():
    with pytest.raises(PageProblem, match="there is no lab `17_queues`"):
        labs.page("17_queues")


@by_name
def test_a_page_has_the_release_s_text_tasks_and_hints(lab: Lab):
    page = labs.page(lab.name)
    for cell in lab.cells:
        if cell.kind == "markdown":
            assert cell.source.partition("\n")[2].strip() in page
    for task in lab.tasks:
        assert f"Your task: `{task}`" in page
        assert page.count(f'check("{task}")') == 1
    assert page.count('??? tip "Hint 3 of 3"') == len(lab.tasks)
    assert page.count("raise NotImplementedError") >= len(lab.tasks)


@by_name
def test_a_page_s_downloads_are_whole(lab: Lab, site: Path):
    page = (site / "labs" / f"{lab.name}.html").read_text("utf-8")
    files = {name: b64decode(data) for name, data in DATA.findall(page)}
    notebook = json.loads(files[f"{lab.name}.ipynb"])
    assert notebook["metadata"]["outgrow"]["lab"] == lab.name
    with zipfile.ZipFile(io.BytesIO(files[f"{lab.name}.zip"])) as bundle:
        with_it = {p.name for p in (*lab.visible, *lab.helpers)}
        names = {"README.md", f"{lab.name}.ipynb", *with_it}
        assert set(bundle.namelist()) == {f"{lab.name}/{name}" for name in names}
        assert json.loads(bundle.read(f"{lab.name}/{lab.name}.ipynb")) == notebook


def downloaded(lab: Lab) -> dict[str, str]:
    """The source of each definition in the notebook that the page of a lab offers."""
    files = dict(DATA.findall(labs.page(lab.name)))
    code = _sources(b64decode(files[f"{lab.name}.ipynb"]).decode(), "code")
    nodes = [node for cell in code for node in ast.parse(cell).body]
    return {node.name: ast.unparse(node) for node in nodes if isinstance(node, Definition)}


def given(lab: Lab) -> set[tuple[str, str]]:
    """What a lab's given cells import of `solutions`: modules and names."""
    cells = [ast.parse(cell.source) for cell in lab.cells if cell.kind == "given"]
    nodes = [node for cell in cells for node in cell.body if isinstance(node, ast.ImportFrom)]
    return {(node.module or "", alias.name) for node in nodes for alias in node.names}


@by_name
def test_what_another_lab_asks_for_waits_for_the_reader_s_answer(lab: Lab):
    tasks = {(c.module, c.name): x.name for x in LABS for c in x.cells if c.kind == "task"}
    asked = {name: tasks[module, name] for module, name in given(lab) if (module, name) in tasks}
    found, page = downloaded(lab), labs.page(lab.name)
    for name, where in asked.items():
        assert re.search(r'"""\n    raise NotImplementedError$', found[name])
        assert f"`{name}` (lab {where[:2]})" in page
    whole = {name for module, name in given(lab) if (module, name) not in tasks} & set(found)
    assert not [name for name in whole if "NotImplementedError" in found[name]]
    assert page.count(" asks for this: put your own answer here.") == len(asked)


def test_some_lab_is_given_what_another_asks_for_and_some_has_only_its_name():
    by = {lab.name: lab for lab in LABS}
    assert "NotImplementedError" in downloaded(by["03_scheduling"])["toposort"]
    assert "_walk_back" not in downloaded(by["03_scheduling"])
    assert "upload_from_string" in downloaded(by["12_object_storage"])["put"]  # lab 13 asks for one


def test_a_part_of_an_answer_that_another_lab_needs_stops_the_build():
    helper = "def halved(n):\n    return n // 2"
    notebook = new_notebook(cells=[new_code_cell(helper), new_code_cell("halved(8)")])
    hides = {ast.dump(ast.parse(helper).body[0]): earlier.Hidden("02_x", "halved", "")}
    with pytest.raises(PageProblem, match="it uses halved, part of an answer to another lab"):
        earlier.empty(notebook, hides, "labs/03_y.md")


@cache
def published(site: Path) -> str:
    """All that the site says: its pages' text, their downloads, and the index of the search."""
    texts = []
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        texts += [unescape(re.sub(r"<[^>]*>", "", page)), *map(_unpacked, DATA.findall(page))]
    texts += [unescape(path.read_text("utf-8")) for path in sorted(site.glob("search/*.js*"))]
    archives = [path.read_bytes() for path in sorted(site.rglob("assets/**/*.zip"))]
    return "\n".join([*texts, *map(_zipped, archives)])


@cache
def told(site: Path) -> tuple[set[str], set[str]]:
    """Each three lines in a row of what is published, and each name that is like a test's."""
    return set(runs(published(site).splitlines())), set(re.findall(r"test_\w+", published(site)))


@cache
def shown() -> set[str]:
    """Each three lines in a row of what some lab gives to all students."""
    return {r for lab in LABS for r in runs(text_of(*lab.visible, *lab.helpers).splitlines())}


def _unpacked(download: tuple[str, str]) -> str:
    name, content = download[0], b64decode(download[1])
    if name.endswith(".zip"):
        return _zipped(content)
    text = content.decode()
    return "\n".join(_sources(text)) if name.endswith(".ipynb") else text


def _zipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    kept = {n: c.decode() for n, c in files.items() if n.endswith((".py", ".md", ".ipynb", ".xml"))}
    texts = ([c] if not n.endswith(".ipynb") else _sources(c) for n, c in kept.items())
    return "\n".join(text for each in texts for text in each)


def _sources(notebook: str, kind: str = "") -> list[str]:
    cells = json.loads(notebook)["cells"]
    return ["".join(cell["source"]) for cell in cells if kind in cell["cell_type"]]


@by_name
def test_no_page_gives_away_an_answer_or_a_hidden_test(lab: Lab, site: Path):
    full = instructor_notebook(lab, dict.fromkeys(lab.tasks, 1.0))
    hidden = set(runs(text_of(*lab.hidden).splitlines()))
    answers = {run for cell in full.cells for run in runs(solution_lines(cell.source))}
    assert answers
    assert hidden
    lines, names = told(site)
    assert (answers | hidden - shown()) & lines == set()
    tests = {test.test.partition("[")[0] for test in plan(lab.tests, lab.tasks) if test.hidden}
    assert tests & names == set()
