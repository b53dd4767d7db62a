"""The page of a lab, made from the notebook that students get: never from its source.

What is shown is the release: nbgrader's own step has taken every answer out of it before this
module sees a cell. A lab may be given what an earlier one asks for; `earlier` takes that out too.
The page offers the notebook, alone and with its visible tests.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.lab import Lab, find_labs, read_lab
from lectures._site import downloads, earlier
from lectures._site.cache import remember
from lectures._site.problem import PageProblem

_ROOT = Path(__file__).parents[2]
_GRADER = _ROOT / "autograder"


def page(name: str, folder: Path = _ROOT / "labs") -> str:
    """The page of lab `name`, as Markdown, for a page in a folder below the lectures'.

    Raises PageProblem if there is no such lab.
    """
    if not (folder / name / "lab.py").is_file():
        remedy = "A lab's page has its folder's name: `labs/02_task_graphs.md`."
        raise PageProblem(f"labs/{name}.md", f"there is no lab `{name}`.", remedy)
    made = remember(f"lab-{name}", _facts(folder / name), lambda: _release(folder / name))
    notebook: NotebookNode = nbformat.reads(made["notebook"], as_version=4)
    title, _, opening = notebook.cells[0].source.removeprefix("# ").partition("\n")
    parts = [f"# Lab: {title}", *_about(name, made), "---", opening]
    for cell in notebook.cells[1:]:
        parts += _cell(cell, made["points"], notebook.metadata.outgrow.hints)
    return "\n\n".join(parts)


def _facts(lab: Path) -> list[str]:
    """What the notebook is made from, beside what every result depends on (see `cache`)."""
    others = sorted(lab.parent.glob("*/lab.py"))
    ours = [Path(__file__), Path(earlier.__file__)]
    files = [*ours, *others, *sorted(lab.glob("*.py")), *sorted(_GRADER.rglob("*.py"))]
    return [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]


def _release(folder: Path) -> dict[str, Any]:
    # Late, because these take longer to import than a page takes to build.
    from autograder.course.release import staged
    from autograder.judge.session import plan
    from autograder.judge.verdict import worth
    from autograder.notebook import instructor_notebook
    from autograder.verify import untouched

    def hidden(other: Lab) -> dict[str, earlier.Hidden]:
        full = instructor_notebook(other, dict.fromkeys(other.tasks, 1.0))
        return earlier.hidden(other, full, untouched(full))

    lab = read_lab(folder)
    points = worth(plan(lab.tests, lab.tasks))
    notebook = untouched(instructor_notebook(lab, points))
    others = [read_lab(other) for other in find_labs(folder.parent) if other != folder]
    hides = {code: each for other in others for code, each in hidden(other).items()}
    asked = earlier.empty(notebook, hides, f"labs/{lab.name}.md")
    whole = nbformat.writes(notebook)
    with staged(lab) as bundle:
        files = {f"{lab.name}/{f.name}": f.read_bytes() for f in sorted(bundle.iterdir())}
    files[f"{lab.name}/{lab.name}.ipynb"] = whole.encode()
    return {
        "notebook": whole,
        "asked": sorted([each.lab, each.name] for each in asked),
        "points": dict(points),
        "minutes": lab.minutes,
        "before": list(lab.prerequisites),
        "needs": lab.needs,
        "bundle": b64encode(downloads.archive(files)).decode(),
    }


def _about(name: str, made: dict[str, Any]) -> Iterator[str]:
    number = name.partition("_")[0]
    lecture = _ROOT / "lectures" / f"{name}.md"
    before = ", ".join(_unit(unit) for unit in made["before"]) or "nothing"
    points = sum(made["points"].values())
    needs = ", ".join(_need(engine, of) for engine, of in made["needs"].items())
    yield (
        f"About {made['minutes']} minutes, {points:g} points for the tasks. Before it: {before}."
        + (f" It starts {needs} of its own." if needs else "")
    )
    if lecture.is_file():
        yield f"The lecture to it is [unit {number}](../{name}.md)."
        if "{{ try " in lecture.read_text("utf-8"):
            yield f"You can [try tasks in that page](../{name}.md), with nothing installed."
    yield f"In a copy of the repository, this opens the lab:\n\n```sh\noutgrow start {name}\n```"
    notebook = downloads.link(f"{name}.ipynb", made["notebook"].encode(), "the notebook")
    bundle = downloads.link(f"{name}.zip", b64decode(made["bundle"]), "a zip with its tests")
    yield (
        f"Without one, take {bundle}: unpack it, and give `outgrow start` the path of its folder. "
        f"To read it elsewhere there is {notebook}. Below is the same notebook, to look at."
    )
    if made["asked"]:
        names = ", ".join(f"`{name}` (lab {lab[:2]})" for lab, name in made["asked"])
        yield (
            f"Both lack what the copy of the repository is given of an earlier lab: {names}. "
            "Put your own answer there before you run the notebook."
        )


def _unit(name: str) -> str:
    number, _, title = name.partition("_")
    return f"[unit {number}, {title.replace('_', ' ')}](../{name}.md)"


def _need(engine: str, of: Any) -> str:
    workers = of.get("workers") if isinstance(of, dict) else None
    names = {"dask": "a Dask cluster", "spark": "Spark", "bucket": "an object store"}
    name = names.get(engine, engine)
    return f"{name} with {workers} workers" if workers else name


def _cell(
    cell: NotebookNode, points: dict[str, float], hints: dict[str, list[str]]
) -> Iterator[str]:
    mark = cell.metadata.get("nbgrader", {})
    name = str(mark.get("grade_id", ""))
    if cell.cell_type == "markdown" and mark.get("solution"):
        yield _note(f"Your answer goes here; {mark['points']:g} points. A person marks it.")
    elif cell.cell_type == "markdown":
        yield cell.source
    elif name.startswith("task-"):
        yield _note(f"Your task: `{name.removeprefix('task-')}`")
        yield _code(cell.source)
    else:
        yield _code(cell.source)
        if name in points:
            yield _note(f"This check and the hidden tests are worth {points[name]:g} points.")
            yield _ladder(hints[name])


def _ladder(hints: list[str]) -> str:
    """Each hint in a box that opens, inside the box of the one before."""
    lines: list[str] = []
    for number, hint in enumerate(hints):
        rung = [f'??? tip "Hint {number + 1} of {len(hints)}"', "", *_indent(hint), ""]
        lines += ["    " * number + line for line in rung]
    return "\n".join(lines)


def _indent(text: str) -> list[str]:
    return ["    " + line.removeprefix("   ") for line in text.split("\n")]


def _note(text: str) -> str:
    return f"{text}\n{{ .mark }}"


def _code(source: str) -> str:
    """Code of the notebook; the search finds the text around it."""
    fence = "````" if "```" in source else "```"
    return f'{fence} {{ .python data-search-exclude="" }}\n{source}\n{fence}'
