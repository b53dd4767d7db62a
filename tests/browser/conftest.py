"""One released lab and one graded class for all of these tests; each takes a copy of it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.course.collect import collect
from autograder.course.folder import Course, init_course, open_course
from autograder.course.grade import grade
from autograder.course.release import release
from autograder.sample import Sample, hand_in, read_class
from tests.browser.chrome import chromium

LAB = "02_task_graphs"
CHECKOUT = Path(__file__).parents[2]
SAMPLES = CHECKOUT / "tests" / "sample_class"
PLANT = "<img src=x onerror='window.planted = 1'><script>window.planted = 1</script>"
ELSEWHERE = "http://elsewhere.invalid/x"  # a tab complains of every request that leaves the machine
SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" onload="window.planted = 1">
<script>window.planted = 1</script><image href="{ELSEWHERE}.png"/>
<foreignObject>{PLANT}</foreignObject></svg>"""
TOPOSORT = f"""
import base64
from IPython.display import HTML, Markdown, display

plant = {PLANT!r}
display(HTML("in html " + plant))
display(Markdown("in markdown " + plant))
svg = {SVG!r}
display({{"image/svg+xml": svg}}, raw=True)
display({{"image/png": base64.b64encode(svg.encode()).decode()}}, raw=True)
display({{"image/png": 'x"><script>window.planted = 1</script>'}}, raw=True)
display({{"text/latex": "$$" + plant + "$$", "text/markdown": plant}}, raw=True)
print("\x1b]8;;{ELSEWHERE}\x07", "\x1b]52;c;eA==\x07", "turned \u202e round", chr(0x9b) + "31m")
display({{"application/javascript": "window.planted = 1", "text/plain": "in js"}}, raw=True)
print("printed " + plant)


def toposort(graph):
    if len(graph) < 100:
        return [plant]
    raise RuntimeError("raised " + plant)
"""
MALLORY = {
    "toposort": TOPOSORT,
    "ancestors": f"def ancestors(graph, key):\n    return {{{PLANT!r}}}\n",
    "one_order": f"""written {PLANT}

[a link](javascript:window.planted=1), [another](data:text/html,{PLANT}), [out](/logout),
<javascript:window.planted=1>, ![far]({ELSEWHERE}.png), <img src="{ELSEWHERE}.gif">
<iframe src="javascript:parent.planted=1"></iframe>
""",
}


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with one lab released, and nothing handed in."""
    course = init_course(tmp_path_factory.mktemp("released") / "course", CHECKOUT / "labs")
    release(course, course.lab(LAB))
    return course


@pytest.fixture(scope="session")
def graded(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same course with three submissions graded: misconceptions, a broken file, scripts."""
    folder = tmp_path_factory.mktemp("graded")
    course = open_course(shutil.copytree(released.root, folder / "course"))
    known = [s for s in read_class(SAMPLES) if s.lab == LAB and s.student in ("dmitri", "henrik")]
    mallory = Sample("mallory", LAB, "scripts wherever text can stand", (), MALLORY)
    list(hand_in(course, [*known, mallory], folder))
    _add_own_cell(folder / LAB / "mallory" / f"{LAB}.ipynb")
    list(collect(course, LAB, folder / LAB))
    assert len(list(grade(course, LAB))) == 3
    return course


def _add_own_cell(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    own = {"cell_type": "markdown", "id": "own", "metadata": {}, "source": f"noted {PLANT}"}
    notebook["cells"].append(own)
    path.write_text(json.dumps(notebook), "utf-8")


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Course], Course]:
    """Copy a course into a folder of its own."""

    def copy(course: Course) -> Course:
        return open_course(shutil.copytree(course.root, tmp_path_factory.mktemp("own") / "course"))

    return copy


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found
