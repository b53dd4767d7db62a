"""The same class for otter-grader: a process a notebook, as `otter run` has it.

otter-grader is no dependency: uv lays it over the project's environment for as long as this runs.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import frames_class as frames
import nbformat
from nbformat.v4 import new_code_cell

OTTER = "otter-grader==7.*"
TEST = """\
OK_FORMAT = False
from otter.test_files import test_case

name = {task!r}
points = 2
"""
CASE = """
@test_case(points=1)
def test_{kind}(env):
    names = {{"n": {n}, {task!r}: env[{task!r}]}}
    exec({check!r}, names)
    assert names["found"] == names["expected"]
"""


def otter(root: Path, count: int) -> tuple[list[float], list[float]]:
    """Seconds and points of each submission, in an environment that is gone afterwards."""
    project = str(Path(__file__).parents[2])
    command = ["uv", "run", "--quiet", "--no-sync", "--project", project, "--with", OTTER]
    command += ["python", __file__, str(root), str(count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    seconds, points = json.loads(done.stdout)
    return seconds, points


def main(root: Path, count: int) -> None:
    (root / "tests").mkdir(parents=True)
    for task, check in frames.CHECKS.items():
        cases = [
            CASE.format(kind=kind, n=n, task=task, check=frames.TABLE + check)
            for kind, n in frames.SIZES.items()
        ]
        (root / "tests" / f"{task}.py").write_text(TEST.format(task=task) + "".join(cases), "utf-8")
    options = ("-t", "tests", "-o", "autograder.zip", "--no-requirements", "--no-environment")
    _run(root, "generate", *options)
    found = [_submission(root, number) for number in range(count)]
    print(json.dumps(list(zip(*found, strict=True))))


def _run(root: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "otter", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def _submission(root: Path, number: int) -> tuple[float, float]:
    nb = frames.stock_notebook(number)
    nb.cells = [cell for cell in nb.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    nb.cells.insert(0, new_code_cell("import otter\ngrader = otter.Notebook()"))
    nb.cells += [new_code_cell(f'grader.check("{task}")') for task in frames.TASKS]
    out = root / f"out{number}"
    out.mkdir()
    nbformat.write(nb, out / "submission.ipynb")
    start = time.perf_counter()
    _run(root, "run", "-a", "autograder.zip", "-o", str(out), str(out / "submission.ipynb"))
    seconds = time.perf_counter() - start
    results = json.loads((out / "results.json").read_text("utf-8"))
    points = sum(test.get("score") or 0.0 for test in results["tests"])
    print(f"otter: {seconds:.1f} s, {points:g} points", file=sys.stderr)
    return seconds, points


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
