"""A class that answers four tasks of unit 05, for graders of every kind.

The tasks are those of `solutions.frames`, the answers those of the lab's `answers/`: right and
wrong ones, another mixture for each student. A check is some lines of Python that set `found` and
`expected`; the same lines run in our judge's probe, in nbgrader's cells and in otter's.
"""

import ast
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import stock

import solutions.frames
from autograder.answers import read_answers
from autograder.course.folder import Course, init_course
from autograder.course.release import release
from autograder.lab import read_lab

LABS = Path(__file__).parents[2] / "labs"
LAB, TASKS = "05_dataframes", ("revenue", "topk", "daily", "dummies_pivot")
SIZES = {"lab": 60, "hidden": 210}  # rows of the table in the visible and in the hidden test
POINTS = len(TASKS) * len(SIZES)
IMPORTS = "from datetime import datetime\n\nimport dask.dataframe as dd\nimport pandas as pd\n"
CLUSTER = {
    "ours": "from autograder import check\nfrom infra import connect\n\nclient = connect()",
    "stock": "from distributed import Client, LocalCluster\n\n"
    'cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0")\n'
    "client = Client(cluster)",
}
TABLE = """\
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
import dask.dataframe as dd
import pandas as pd
start = datetime(2026, 1, 1)
table = pd.DataFrame({
    "trip_id": range(n),
    "pickup": [start + timedelta(hours=7 * i) for i in range(n)],
    "zone": [f"Z00{i % 4}" for i in range(n)],
    "payment": [("cash", "card", "app")[i * i % 3] for i in range(n)],
    "fare_cents": [i * 37 % 1009 for i in range(n)],
    "tip_cents": [i % 5 for i in range(n)],
})
table["pickup"] = table["pickup"].astype("datetime64[us]")
trips = dd.from_pandas(table, npartitions=3)
"""
CHECKS = {
    "revenue": """\
folder = mkdtemp()
table.to_parquet(Path(folder, "part-00000.parquet"), row_group_size=20)
week = start + timedelta(days=7), start + timedelta(days=14)
found = int(revenue(folder, *week).compute())
inside = table[(table["pickup"] >= week[0]) & (table["pickup"] < week[1])]
expected = int((inside["fare_cents"] + inside["tip_cents"]).sum())
""",
    "topk": """\
found = topk(trips, "fare_cents", 3).compute()["fare_cents"].tolist()
expected = table["fare_cents"].nlargest(3).tolist()
""",
    "daily": """\
days = daily(trips).compute()
found = [str(days.index.dtype)[:10], *days["trips"].tolist(), *days["mean_fare"].tolist()]
groups = table.groupby(table["pickup"].dt.floor("D"))["fare_cents"]
expected = ["datetime64", *groups.count().tolist(), *groups.mean().tolist()]
""",
    "dummies_pivot": """\
dummies, pivot = (plan.compute() for plan in dummies_pivot(trips))
found = [list(map(str, dummies)), sorted(pivot["cash"].round(6).tolist())]
wide = table.pivot_table(index="zone", columns="payment", values="fare_cents", aggfunc="mean")
expected = [list(pd.get_dummies(table[["payment"]])), sorted(wide["cash"].round(6).tolist())]
""",
}


def answers_of(student: int) -> dict[str, str]:
    """The source of each task's answer: the reference's for the first, then a mixture."""
    found = {task: [reference(task)] for task in TASKS}
    for answer in read_answers(read_lab(LABS / LAB)):
        if answer.task in found:
            found[answer.task].append(answer.source)
    return {
        task: sources[student * (turn + 1) % len(sources)]
        for turn, (task, sources) in enumerate(found.items())
    }


def reference(task: str) -> str:
    return inspect.getsource(getattr(solutions.frames, task))


def our_course(root: Path) -> Course:
    """The course, with the lab of the four tasks released."""
    folder = root / "labs" / LAB
    folder.mkdir(parents=True)
    head = "title: Frames\n# minutes: 5\n# prerequisites: []\n# needs: {dask: {workers: 2}}"
    cells = [f"# ---\n# {head}\n# ---\n", f"# %% given\n{IMPORTS}\n{CLUSTER['ours']}\n"]
    for task in TASKS:
        cells.append(f"# %% task\nfrom solutions.frames import {task}\n")
        cells.append(f'# %% check {task}\ncheck("{task}")\n')
        cells.append(f"# %% [markdown] hints {task}\n# 1. One.\n# 2. Two.\n# 3. Three.\n")
    (folder / "lab.py").write_text("\n".join(cells), "utf-8")
    for kind, n in SIZES.items():
        (folder / f"test_{kind}.py").write_text(our_tests(kind, n), "utf-8")
    course = init_course(root / "course", root / "labs")
    release(course, course.lab(LAB))
    return course


def our_tests(kind: str, n: int) -> str:
    """A test file of ours: for each task a probe, which runs in the student's process."""
    parts = ["from autograder.testing import points\n"]
    for task, check in CHECKS.items():
        body = indented(f"{TABLE}{check}return found, expected")
        parts.append(f"\n\ndef {task}_of(n, {task}):\n{body}\n")
        parts.append(f'\n\n@points(1)\ndef test_{task}_{kind}(student):\n    """It is right."""\n')
        parts.append(f'    found = student.run({task}_of, {n}, student.ref("{task}"))\n')
        parts.append("    assert found[0] == found[1]\n")
    return "".join(parts)


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def our_submission(course: Course, answers: Mapping[str, str]) -> str:
    """The released solution notebook with a student's answers, by task, in it."""
    nb = nbformat.read(course.notebook("solution", LAB), as_version=4)
    for cell in nb.cells:
        task = cell.metadata.get("nbgrader", {}).get("grade_id", "").removeprefix("task-")
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[task]
    return nbformat.writes(nb)


def stock_notebook(student: int) -> Any:
    """The same as stock nbgrader has it: answers and asserts in the notebook."""
    checks = {
        task: [f"n = {n}\n{TABLE}{check}assert found == expected" for n in SIZES.values()]
        for task, check in CHECKS.items()
    }
    return stock.notebook(f"{IMPORTS}\n{CLUSTER['stock']}", answers_of(student), checks)


def cells_of(student: int) -> list[str]:
    """What the notebook runs, cell by cell, with our cluster: answers, then the checks."""
    cells = [f"{IMPORTS}\n{CLUSTER['ours']}"]
    for task, source in answers_of(student).items():
        checks = (f"n = {n}\n{TABLE}{CHECKS[task]}" for n in SIZES.values())
        cells += [source, *checks]
    return [cell for cell in cells if ast.parse(cell)]
