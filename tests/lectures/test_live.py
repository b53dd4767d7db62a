"""What a page judges, proven with the worker and the zip that the pages get, in Node."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.answers import Answer, read_answers
from autograder.judge.session import plan
from lectures._site import archive, try_cells, vendor
from lectures._site.archive import lab_of
from lectures._site.node import node, npm
from lectures._site.problem import PageProblem
from tests.lectures.conftest import once

IN_NODE = Path(__file__).with_name("judge_in_node.mjs")
TRIED = [(lab, task) for lab, tasks in archive.tried().items() for task in tasks]
CASES = pytest.mark.parametrize(("lab", "task"), TRIED)
# The cases of these run real arrays and data frames too, and a page has neither.
ELSEWHERE = {"test_get_runs_dask"}


def visible(lab: str) -> set[str]:
    return {p.test.partition("[")[0] for p in plan(lab_of(lab).visible, lab_of(lab).tasks)}


def misconceptions(lab: str, task: str) -> list[Answer]:
    """The wrong answers that a visible test catches."""
    seen = visible(lab)
    found = [a for a in read_answers(lab_of(lab)) if a.task == task and a.caught_by in seen]
    return [a for a in found if not a.right]


def orders() -> dict[str, dict[str, Any]]:
    """Of each task: the reference, the untouched cell, and each misconception."""
    asked: dict[str, dict[str, Any]] = {}
    for lab, task in TRIED:
        given, answer = try_cells.sources(lab_of(lab), task)
        order = {"lab": lab, "tasks": lab_of(lab).tasks, "task": task, "given": given}
        asked[f"{task} right"] = {**order, "code": answer}
        asked[f"{task} stub"] = {**order, "code": try_cells.stub(answer)}
        for wrong in misconceptions(lab, task):
            asked[wrong.name] = {**order, "code": wrong.source}
    order = asked[f"{TRIED[0][1]} stub"]
    asked["broken"] = {**order, "code": "def toposort(graph)\n    return []\n"}
    asked["raises"] = {**order, "code": "import os\n\nprint('a' * 20_000)\nos.no\n"}
    asked["own import"] = {**order, "code": "def toposort(graph):\n    import numpy\n"}
    return asked


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All orders, judged by one worker."""

    def judged(folder: Path) -> dict[str, Any]:
        vendor.install(folder)
        command = [*node(), str(IN_NODE), str(folder / "worker.mjs")]
        asked = json.dumps(orders())
        done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return once(tmp_path_factory, "judged", judged)


def states(answer: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in answer["lines"]:
        found.setdefault(line["test"], set()).add(line["state"])
    return found


@CASES
def test_the_reference_passes_every_visible_test_of_the_task(answers, lab: str, task: str):
    answer = answers[f"{task} right"]
    assert answer["passed"], answer
    wanted = {name for name in visible(lab) if name.startswith(f"test_{task}")}
    assert set(states(answer)) == wanted
    assert {name for name, found in states(answer).items() if "elsewhere" in found} <= ELSEWHERE
    assert all("passed" in found for found in states(answer).values())


@CASES
def test_the_untouched_cell_passes_nothing(answers, lab: str, task: str):
    del lab
    answer = answers[f"{task} stub"]
    assert not answer["passed"]
    assert set().union(*states(answer).values()) <= {"untried", "elsewhere"}


@CASES
def test_a_misconception_fails_the_test_that_is_named_for_it(answers, lab: str, task: str):
    known = misconceptions(lab, task)
    assert known
    for wrong in known:
        answer = answers[wrong.name]
        assert not answer["passed"], wrong.name
        told = [line for line in answer["lines"] if line["test"] == wrong.caught_by]
        assert "wrong" in {line["state"] for line in told}, (wrong.name, told)
        assert any(wrong.hint in line["hint"] for line in told), (wrong.name, told)


def test_what_came_and_what_was_expected_are_shown(answers):
    found = answers["wrong/map_words_returns"]["lines"][0]
    assert found["expected"].startswith("[('to', 1), ('be', 1)")
    assert found["actual"] not in ("", found["expected"])


def test_a_cell_that_does_not_run_says_where(answers):
    assert answers["broken"]["broken"] == "line 1: SyntaxError: expected ':'"
    assert answers["raises"]["broken"].startswith("line 4: AttributeError: module 'os' has no")
    assert 10_000 <= len(answers["raises"]["printed"]) < 10_100


def test_what_the_reader_imports_in_vain_is_not_excused(answers):
    answer = answers["own import"]
    assert not answer["passed"]
    assert "elsewhere" not in set().union(*states(answer).values())


def test_no_answer_travels_to_the_reader():
    names = set(archive.members())
    assert not {name for name in names if "hidden" in name or "answers" in name}
    assert not {name for name in names if name.startswith(("solutions/", "infra/"))}


def test_the_licences_of_what_is_passed_on_lie_beside_it(answers):
    del answers
    text = (vendor.bundle() / "LICENSES.txt").read_text("utf-8")
    for name in ("codemirror", "@lezer/python", "pyodide", "dask", "PyYAML"):
        assert f"\n{name} " in f"\n{text}", name
    assert text.count("Permission is hereby granted") >= 10


def test_every_package_is_pinned_by_its_checksum_and_no_host_is_named():
    text = (vendor.SOURCES / "checksums.json").read_text("utf-8")
    packages = {name: p for name, p in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in text + (vendor.SOURCES / "package.json").read_text("utf-8")


def test_node_is_the_one_of_the_environment_whatever_is_on_path(monkeypatch):
    monkeypatch.setenv("PATH", "")
    for command, version in ((node(), r"v2\d"), (npm(), r"1\d\.")):
        assert Path(command[0]).is_relative_to(sys.prefix)
        said = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert re.match(version, said.stdout)


def test_without_node_the_build_says_what_brings_it(cache_folder: Path, monkeypatch):
    del cache_folder
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("lectures._site.node.find_spec", lambda _: None)
    with pytest.raises(PageProblem, match=r"npm, which is missing\. `uv sync` brings it; so does"):
        vendor.bundle()
