"""The fixture `bucket`: a store of the judge's serves the submission, and tells what it did."""

from pathlib import Path
from typing import Any

import fsspec
import nbformat
import pytest

from autograder.checking import Local
from autograder.desk import _engines
from autograder.judge.playback import Playback
from autograder.judge.session import judge
from autograder.judge.verdict import Verdict
from infra import connect, connect_bucket

LAB = """
import os
from infra import connect_bucket
BUCKET = connect_bucket()
def fetch(url):
    import fsspec
    fs, path = fsspec.core.url_to_fs(url)
    return fs.cat_file(path, start=2, end=4)
"""
TESTS = """
from autograder.testing import points
from infra import Faults

@points(1)
def test_fetch_reads_no_more_than_it_needs(student, bucket):
    url = bucket.put("data/x", b"0123456789")
    with bucket.faults(Faults(unavailable=1, most=1, kinds=("objects.read",))):
        with bucket.watch() as facts:
            assert student.fetch(url) == b"23"
    assert facts.bytes_down == 2
    assert (facts.retries, facts.injected, facts.objects) == (1, 1, ("outgrow/data/x",))
    assert (bucket.names(), bucket.get("data/x")) == (["data/x"], b"0123456789")
"""


@pytest.fixture
def test_file(tmp_path: Path) -> Path:
    (tmp_path / "test_lab.py").write_text(TESTS)
    return tmp_path / "test_lab.py"


def notebook(needs: dict[str, Any]) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(metadata={"outgrow": {"needs": needs}})
    marks = {"nbgrader": {"grade": True, "grade_id": "fetch"}}
    check = nbformat.v4.new_code_cell('check("fetch")', metadata=marks)
    made.cells = [nbformat.v4.new_code_cell(LAB), check]
    return made


def graded(test_file: Path, needs: dict[str, Any], sandbox: bool, tmp_path: Path) -> Verdict:
    (tmp_path / "bundle").mkdir()
    with Playback(notebook(needs), tmp_path / "bundle", sandbox=sandbox) as stage:
        (verdict,) = judge((test_file,), ["fetch"], stage, hash)
    return verdict


@pytest.mark.parametrize("sandbox", [False, True])
def test_a_submission_is_served_and_measured(test_file: Path, sandbox: bool, tmp_path: Path):
    verdict = graded(test_file, {"bucket": {}}, sandbox, tmp_path)
    assert (verdict.outcome, verdict.message) == ("passed", "")


def test_a_lab_that_asks_for_no_bucket_is_told(test_file: Path, tmp_path: Path):
    verdict = graded(test_file, {}, False, tmp_path)
    assert (verdict.outcome, "needs: {bucket: {}}" in verdict.message) == ("infrastructure", True)


def test_a_notebook_checks_itself_with_its_own_bucket(
    test_file: Path, monkeypatch: pytest.MonkeyPatch
):
    from infra.store import bucket as module

    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    namespace: dict[str, Any] = {}
    exec(LAB, namespace)
    (verdict,) = judge((test_file,), ["fetch"], Local(namespace), hash)
    module._stop()
    assert (verdict.outcome, verdict.message) == ("passed", "")


def test_a_started_lab_has_its_bucket_on_the_workers_too(monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    with _engines({"dask": {"workers": 1}, "bucket": {}}, told.append) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        lab = connect_bucket()
        with connect() as client, lab.watch() as facts:
            url = lab.put("x", b"42")
            read = client.submit(lambda: fsspec.filesystem("gs").cat_file(url))
            assert read.result(timeout=60) == b"42"
    assert [line.partition(":")[0] for line in told] == ["Object store", "Dask cluster"]
    assert facts.by_kind["objects.read"] == 1
