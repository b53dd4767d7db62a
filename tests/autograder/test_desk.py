"""A student at work: start, check, hints, reset; and JupyterLab for a moment."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.course.folder import Course
from autograder.desk import _engines, check_all, desk, desk_folder, existing, reset
from autograder.errors import OutgrowError
from autograder.hints import next_hint
from autograder.lab import Lab
from tests.autograder.tiny import NAME, answered


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def quiet(text: str) -> None:
    assert text


def test_a_copy_is_made_once_and_then_left_alone(lab: Lab, work: Path):
    made = desk(lab.folder.parent, work, "16", quiet)
    assert made.tasks == ("double",)
    text = made.notebook.read_text("utf-8")
    made.notebook.write_text(answered("return 2 * number", text), "utf-8")
    again = desk(lab.folder.parent, work, NAME, quiet)
    assert "return 2 * number" in again.notebook.read_text("utf-8")


def test_check_judges_all_tasks_by_the_visible_tests(lab: Lab, work: Path):
    made = desk(lab.folder.parent, work, NAME, quiet)
    assert (check_all(made).earned, check_all(made).points) == (0, 1)
    text = made.notebook.read_text("utf-8")
    made.notebook.write_text(answered("return 2 * number", text), "utf-8")
    assert check_all(existing(lab.folder.parent, work, NAME)).earned == 1


def test_reset_puts_it_back_and_keeps_the_student_s_version(lab: Lab, work: Path):
    made = desk(lab.folder.parent, work, NAME, quiet)
    released = made.notebook.read_text("utf-8")
    made.notebook.write_text("not even JSON", "utf-8")
    kept = reset(existing(lab.folder.parent, work, NAME))
    assert made.notebook.read_text("utf-8") == released
    assert kept.read_text("utf-8") == "not even JSON"


def test_a_broken_notebook_says_how_to_put_it_back(lab: Lab, work: Path):
    made = desk(lab.folder.parent, work, NAME, quiet)
    made.notebook.write_text("not even JSON", "utf-8")
    with pytest.raises(OutgrowError, match="outgrow reset"):
        check_all(existing(lab.folder.parent, work, NAME))


def test_hints_come_one_at_a_time_and_the_last_one_stays(lab: Lab, work: Path):
    folder = desk(lab.folder.parent, work, NAME, quiet).folder
    steps = [next_hint(folder, "double") for _ in range(4)]
    assert [step.number for step in steps] == [1, 2, 3, 3]
    assert steps[0].text.startswith("Concept:")
    assert steps[3].text.startswith("Skeleton:")
    with pytest.raises(OutgrowError, match="The tasks here: double"):
        next_hint(folder, "dubble")


def test_a_student_needs_only_the_bundle(course: Course, tmp_path: Path):
    shutil.unpack_archive(course.root / "bundles" / f"{NAME}.zip", tmp_path / "unpacked")
    bundle = tmp_path / "unpacked" / NAME
    made = desk(tmp_path / "no-labs", tmp_path / "work", str(bundle), quiet)
    assert made.folder == bundle
    assert next_hint(bundle, "double").number == 1
    assert reset(made).exists()


def test_who_has_no_copy_is_told_to_start(lab: Lab, work: Path):
    with pytest.raises(OutgrowError, match=f"Run `outgrow start {NAME}`"):
        existing(lab.folder.parent, work, NAME)
    with pytest.raises(OutgrowError, match="The labs here: 16_windows"):
        desk_folder(lab.folder.parent, work, "99")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["told", "kill-9"])
def test_start_serves_the_notebook_until_it_is_stopped(
    course: Course, tmp_path: Path, how: signal.Signals
):
    shutil.unpack_archive(course.root / "bundles" / f"{NAME}.zip", tmp_path)
    command = [sys.executable, "-c", "from autograder.commands import main; main()"]
    arguments = ["start", str(tmp_path / NAME), "--no-browser"]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = next(line for line in process.stdout if line.startswith("JupyterLab: "))
            url = line.removeprefix("JupyterLab: ").strip()
            contents = url.replace("/lab/tree/", "/api/contents/")
            with urllib.request.urlopen(contents, timeout=30) as answer:
                served = json.load(answer)
            family = psutil.Process(process.pid).children(recursive=True)
        finally:
            process.send_signal(how)
        process.wait(30)
    assert served["content"]["metadata"]["outgrow"]["lab"] == NAME
    nbformat.validate(nbformat.from_dict(served["content"]))
    assert psutil.wait_procs(family, timeout=20)[1] == []


LOOKUP = """
from pyspark.sql import SparkSession
sc = SparkSession.builder.getOrCreate().sparkContext
days = sc.parallelize([(f"day {n}", n) for n in range(6)], 2).partitionBy(5)
print([days.lookup(f"day {n}") for n in range(6)])
"""


@pytest.mark.slow
def test_a_started_lab_s_spark_finds_a_text_key():
    with _engines({"spark": {}}, str) as environment:
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", LOOKUP],
            env=os.environ | environment,
            capture_output=True,
            text=True,
        )
    assert ran.stdout == "[[0], [1], [2], [3], [4], [5]]\n", ran.stderr
