"""Releasing a lab: from its folder to nbgrader's source, release and solution, and the students'
bundle.

The reference is judged on the way: it must earn every point, and the time that it takes on this
machine is what the submissions' budgets are made from.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.folder import Course
from autograder.course.frame import nbgrader_api, quietly, require_success
from autograder.errors import OutgrowError
from autograder.judge.budget import Budget, budget, this_machine
from autograder.judge.playback import Playback
from autograder.judge.seeds import seeds
from autograder.judge.session import judge, plan
from autograder.judge.verdict import Report, Verdict, worth
from autograder.lab import Lab
from autograder.notebook import instructor_notebook
from autograder.sandbox.preload import libraries
from autograder.sandbox.probe import available

README = """# {title}

1. Open `{name}.ipynb` in JupyterLab: `outgrow start {name}`, or `jupyter lab {name}.ipynb`.
2. Answer the cells that say so; run the `check(...)` cell below each. It says what is expected,
   what came, and why.
3. Stuck? `outgrow hint {name} TASK` shows the next step of three.
4. Hand in `{name}.ipynb`. More tests than the ones you see decide the mark; they test the same
   specification.

About {minutes} minutes. Before it: {before}.
"""


def release(course: Course, lab: Lab, say: Callable[[str], object] = id) -> Report:
    """Build, prove and release a lab; return the reference's report."""
    planned = plan(lab.tests, lab.tasks)
    notebook = instructor_notebook(lab, worth(planned))
    source = course.notebook("source", lab.name)
    say("judging the reference")
    with staged(lab) as bundle:
        report, limits = prove(lab, notebook, bundle)
        say("building the notebooks")
        shutil.rmtree(source.parent, ignore_errors=True)
        shutil.copytree(bundle, source.parent)
    nbformat.write(notebook, source)
    course.save_budget(lab.name, limits)
    _derive(course, lab)
    return report


def prove(lab: Lab, notebook: NotebookNode, bundle: Path) -> tuple[Report, Budget]:
    """Judge the reference, which must earn everything; put the data its cells made into the
    bundle."""
    seen: list[Verdict] = []
    with Playback(notebook, bundle, sandbox=available(), keeps=True) as stage:
        verdicts = judge(lab.tests, lab.tasks, stage, seeds("reference", lab.name), seen.append)
        stage.keep_data(bundle)
        cells = dict(stage.seconds)
    report = Report(verdicts)
    for verdict in report.verdicts:
        if verdict.outcome != "passed":
            fact = f"the reference fails {verdict.test}: {verdict.reason}"
            raise OutgrowError(fact, lab.folder, "Mend the solution or the test.")
    engine = bool(lab.needs) or "dvc" in libraries(cell.source for cell in notebook.cells)
    return report, budget(cells, {v.test: v.seconds for v in verdicts}, engine)


def measure(course: Course, name: str) -> Budget:
    """What submissions of a released lab may take on this machine; raises OutgrowError if the
    reference does not earn everything here."""
    lab = course.lab(name)
    notebook = nbformat.read(course.notebook("source", name), as_version=4)
    with staged(lab) as bundle:
        return prove(lab, notebook, bundle)[1]


def measure_here(course: Course, name: str, say: Callable[[str], object] = id) -> None:
    """Measure a lab's budgets anew, if they were measured on another machine."""
    if course.budget(name).machine != this_machine():
        say(f"{name}: measuring how long the reference takes on this machine")
        course.save_budget(name, measure(course, name))


@contextmanager
def staged(lab: Lab) -> Iterator[Path]:
    """A folder with what a student gets beside the notebook."""
    with tempfile.TemporaryDirectory(prefix="outgrow-") as name:
        folder = Path(name)
        before = ", ".join(lab.prerequisites) or "nothing"
        text = README.format(name=lab.name, title=lab.title, minutes=lab.minutes, before=before)
        (folder / "README.md").write_text(text, "utf-8")
        for path in (*lab.visible, *lab.helpers):
            shutil.copy(path, folder)
        yield folder


def _derive(course: Course, lab: Lab) -> None:
    """nbgrader's own commands make release and solution; a zip of the release is the students'
    bundle."""
    api = nbgrader_api(course)
    require_success(quietly(api.generate_assignment, lab.name), f"releasing {lab.name}")
    require_success(quietly(api.generate_solution, lab.name), f"the solution of {lab.name}")
    (course.root / "bundles").mkdir(exist_ok=True)
    bundle = course.notebook("release", lab.name).parent
    shutil.make_archive(str(course.root / "bundles" / lab.name), "zip", bundle.parent, lab.name)
