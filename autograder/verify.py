"""`outgrow dev verify`: is a lab whole, and does its grader tell right from wrong?

First its files are looked at; then the reference, the untouched notebook and every answer are
judged, each in a kernel of its own, as many at a time as there are cores.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from autograder.answers import Answer, read_answers
from autograder.course.config import STUB, TEXT_STUB
from autograder.course.release import prove, staged
from autograder.judge.budget import Budget
from autograder.judge.playback import Playback
from autograder.judge.seeds import seeds
from autograder.judge.session import judge, plan
from autograder.judge.verdict import Planned, Verdict, score, worth
from autograder.lab import Lab
from autograder.lanes import lanes
from autograder.modules import imported, stray, taken
from autograder.notebook import grade_id, instructor_notebook
from autograder.sandbox.probe import available
from autograder.slices import backward_slice

RIGHT, WRONG = 2, 3

_needs_whole: set[tuple[str, str]] = set()  # labs and tasks, as this process has found out


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: its name, whether it is as it must be, and if not, what is
    the matter."""

    name: str
    fault: str = ""

    @property
    def ok(self) -> bool:
        return not self.fault


def verify(lab: Lab) -> Iterator[Finding]:
    """Look at everything about a lab, one finding after the other."""
    planned = plan(lab.tests, lab.tasks)
    answers = read_answers(lab)
    yield from _files(lab)
    yield from _tests(lab, planned)
    yield from _counts(lab, answers)
    notebook = instructor_notebook(lab, worth(planned))
    with staged(lab) as bundle:
        report, limits = prove(lab, notebook, bundle)
        yield Finding(f"reference: {report.earned:g} of {report.points:g} points")
        yield _untouched(lab, notebook, bundle, limits)
        yield from _answers(Judged(lab, notebook, bundle, limits), answers)


def _files(lab: Lab) -> Iterator[Finding]:
    odd, clashing = stray(lab), taken(lab)
    yield Finding("files", f"stray: {', '.join(odd)}" if odd else "")
    fault = f"another module is called so: {', '.join(clashing)}" if clashing else ""
    yield Finding("names of helpers", fault)
    leaks = [p.name for p in (*lab.visible, *lab.helpers) if "solutions" in imported(p)]
    fault = f"solutions are imported by {', '.join(leaks)}" if leaks else ""
    yield Finding("visible tests and helpers are the student's", fault)


def _tests(lab: Lab, planned: tuple[Planned, ...]) -> Iterator[Finding]:
    names = [test.test for test in planned]
    twice = sorted({name for name in names if names.count(name) > 1})
    yield Finding("names of tests", f"twice: {', '.join(twice)}" if twice else "")
    bare = [t.test for t in planned if not t.points or not t.title]
    yield Finding("points and titles", f"missing on {', '.join(bare)}" if bare else "")
    for task in lab.tasks:
        kinds = {test.hidden for test in planned if test.task == task}
        missing = [
            word for word, hidden in (("visible", False), ("hidden", True)) if hidden not in kinds
        ]
        yield Finding(f"tests of {task}", f"no {' and no '.join(missing)} test" if missing else "")


def _counts(lab: Lab, answers: list[Answer]) -> Iterator[Finding]:
    for task in lab.tasks:
        right = sum(a.right for a in answers if a.task == task)
        wrong = sum(not a.right for a in answers if a.task == task)
        few = right < RIGHT or wrong < WRONG
        fault = f"{right} right and {wrong} wrong; {RIGHT} and {WRONG} are the least" if few else ""
        yield Finding(f"answers of {task}", fault)


def untouched(notebook: NotebookNode) -> NotebookNode:
    """The student's notebook as it is released, by nbgrader's own preprocessor."""
    clear = ClearSolutions()
    clear.code_stub = {"python": STUB}
    clear.text_stub = TEXT_STUB
    return clear.preprocess(deepcopy(notebook), ResourcesDict())[0]


def _untouched(lab: Lab, notebook: NotebookNode, bundle: Path, limits: Budget) -> Finding:
    with Playback(untouched(notebook), bundle, limits, available()) as stage:
        verdicts = judge(lab.tests, lab.tasks, stage, seeds("untouched", lab.name))
    gifts = [v.test for v in verdicts if v.outcome == "passed"]
    faults = [f"{v.test}: {v.message}" for v in verdicts if v.outcome == "infrastructure"]
    return Finding("untouched notebook: 0 points", "; ".join(gifts + faults))


def _answers(judged: "Judged", answers: list[Answer]) -> Iterator[Finding]:
    """Judge the answers, as many at a time as there are cores."""
    with lanes(len(answers)) as each:
        for _, found in each(judge_answer, [(judged, answer) for answer in answers]):
            yield found.result()


@dataclass(frozen=True)
class Judged:
    """What an answer is judged in: its lab, the reference's notebook, the bundle, the time
    allowed."""

    lab: Lab
    notebook: NotebookNode
    bundle: Path
    limits: Budget


def judge_answer(judged: Judged, answer: Answer) -> Finding:
    """Judge one answer in an otherwise right notebook: a right one by the tests of its own task, a
    wrong one by the test that is to catch it.

    The notebook's other cells take most of the time. So it is tried first with those alone that the
    task's cell stands on; what is not as it must be there, is judged in the whole, and so are from
    then on all answers of a task that needs the whole.
    """
    notebook, key = deepcopy(judged.notebook), (judged.lab.name, answer.task)
    cell = next(c for c in notebook.cells if grade_id(c) == f"task-{answer.task}")
    cell.source = answer.source
    if key not in _needs_whole:
        found = _judge_in(backward_slice(notebook, answer.task), judged, answer)
        if found.ok:
            return found
    found = _judge_in(notebook, judged, answer)
    if found.ok:
        _needs_whole.add(key)
    return found


def _judge_in(notebook: NotebookNode, judged: Judged, answer: Answer) -> Finding:
    lab, only = judged.lab, answer.task if answer.right else answer.caught_by
    with Playback(notebook, judged.bundle, judged.limits, available()) as stage:
        verdicts = judge(lab.tests, lab.tasks, stage, seeds("answer", answer.name), only=only)
    return Finding(answer.name, _right(verdicts) if answer.right else _wrong(answer, verdicts))


def _right(verdicts: tuple[Verdict, ...]) -> str:
    bad = [f"{v.test} {v.phrase}: {v.reason}" for v in verdicts if v.outcome != "passed"]
    return "" if score(verdicts) and not bad else f"a right answer loses points: {'; '.join(bad)}"


def _wrong(answer: Answer, verdicts: tuple[Verdict, ...]) -> str:
    mine = [v for v in verdicts if v.task == answer.task]
    named = [v for v in mine if v.test.partition("[")[0] == answer.caught_by]
    caught = [v for v in named if v.outcome not in ("passed", "infrastructure")]
    if not named:
        return f"there is no test {answer.caught_by}"
    if not caught:
        faults = [v.message for v in named if v.outcome == "infrastructure"]
        return f"{answer.caught_by} does not catch it {' '.join(faults)}".rstrip()
    told = [v.hint or v.message for v in caught]
    if not any(answer.hint in text for text in told):
        return f"caught, but with {told[0]!r}, not the hint {answer.hint!r}"
    return ""
