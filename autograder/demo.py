"""The demonstration: the main job from end to end, on a sample class."""

import shutil
import time
from pathlib import Path

from autograder.commands.progress import console, follow, marks_table, sandbox_line
from autograder.course.collect import collect
from autograder.course.folder import Course, init_course
from autograder.course.frame import write_feedback
from autograder.course.grade import How
from autograder.course.marks import Mark
from autograder.course.release import release
from autograder.errors import OutgrowError
from autograder.sample import Sample, hand_in, read_class
from autograder.sandbox.probe import available


def run_demo(root: Path, labs: Path) -> bool:
    """Run the demo in the folder `root`; True if every submission was judged."""
    started = time.monotonic()
    samples = read_class(labs.parent / "tests" / "sample_class")
    names = sorted({sample.lab for sample in samples})
    course = _new_course(root, labs)
    for name in names:
        with console.status(f"{name}: judging the reference, building the notebooks"):
            report = release(course, course.lab(name))
        console.print(f"released {name}, {report.points:g} points")
    _provision(course, names)
    marks = _grade(course, samples)
    _show(course, marks, time.monotonic() - started)
    return all(mark.judged for mark in marks)


def _new_course(root: Path, labs: Path) -> Course:
    """A fresh course; an old demo is cleared away, anything else is left alone."""
    if root.exists() and not (root / ".outgrow" / "demo").exists() and any(root.iterdir()):
        raise OutgrowError("the folder is not a demo's", root, "Name a new one with --course.")
    shutil.rmtree(root, ignore_errors=True)
    course = init_course(root, labs, "Outgrow's demo")
    (course.private / "demo").touch()
    return course


def _provision(course: Course, names: list[str]) -> None:
    """Show that the cluster a lab asks for comes up here, before anybody's mark depends on it."""
    from infra import ClusterSpec, provision

    for name in names:
        needs = course.lab(name).needs
        if "dask" in needs:
            start = time.monotonic()
            with provision(ClusterSpec(**(needs["dask"] or {}))) as cluster:
                seconds = time.monotonic() - start
                workers = cluster.spec.workers
            words = "each submission gets its own, inside its own process"
            console.print(
                f"provisioned a Dask cluster, {workers} workers, in {seconds:.2f} s; {words}"
            )


def _grade(course: Course, samples: list[Sample]) -> list[Mark]:
    """Hand in, collect, grade, and write feedback; the labs that take longest come first."""
    inbox = course.root / "inbox"
    list(hand_in(course, samples, inbox))
    labs = sorted({sample.lab for sample in samples}, reverse=True)
    for lab in labs:
        list(collect(course, lab, inbox / lab))
    work = [(lab, student) for lab in labs for student in course.students(lab)]
    unsafe = not available()
    console.print(sandbox_line(unsafe))
    marks = follow(course, work, How(unsafe), "grading")
    with console.status("writing feedback"):
        for lab in labs:
            write_feedback(course, lab)
    return sorted(marks, key=lambda mark: (mark.lab, mark.student))


def _show(course: Course, marks: list[Mark], seconds: float) -> None:
    for lab in sorted({mark.lab for mark in marks}):
        console.print(marks_table([mark for mark in marks if mark.lab == lab], lab))
    root = course.root
    lines = (
        f"{len(marks)} submissions in {seconds:.0f} s, everything counted.",
        f"  gradebook            {root / 'gradebook.db'}",
        f"  feedback pages       {root / 'feedback'}/STUDENT/LAB/LAB.html",
        f"  autograded notebooks {root / 'autograded'}/STUDENT/LAB/LAB.ipynb",
        "Next: open a feedback page in a browser; be a student, `outgrow start 02_task_graphs`;",
        f"grade by hand in formgrader, `cd {root} && jupyter lab`; or `outgrow dev new 16_mine`.",
    )
    for line in lines:
        console.print(line, soft_wrap=True)
