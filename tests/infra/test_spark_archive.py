"""The archive of Spark's classes: made by one at a time, for one Java, and not needed."""

import shlex
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from infra import ClusterSpec
from infra.spark import archive, home, launch


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(launch, "archive", lambda: tmp_path / "outgrow" / "spark" / "classes.jsa")
    return tmp_path / "outgrow" / "spark"


def test_two_that_want_it_make_it_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def write(target: Path) -> None:
        made.append(target)
        target.write_bytes(b"classes")

    monkeypatch.setattr(archive, "_make", write)
    said: list[str] = []
    both = [Thread(target=archive.make, args=(said.append,)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert made == [folder / "classes.jsa"] == [archive.make()]
    assert said == [archive.SAYING]
    assert [path.name for path in folder.iterdir()] == ["classes.jsa"], "no lock in the sandbox"


def test_one_that_cannot_be_made_is_done_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "__name__", "infra.nothing")
    said: list[str] = []
    assert archive.make(said.append) is archive.make(said.append) is None
    assert said == [archive.SAYING], "it is not tried again"
    assert "No module named infra.nothing" in (folder / "classes.failed").read_text()


def test_a_jvm_is_given_the_archive_only_if_it_is_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "java"
    words.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    words.chmod(0o755)
    launch.opened(), launch._aot()  # asked of the real Java
    monkeypatch.setattr(launch, "program", lambda: words)
    submit = Path(home.environment(ClusterSpec(engine="spark"))["SPARK_HOME"], "bin/spark-submit")
    flag = launch.sharing(folder / "classes.jsa")
    assert flag not in said_by(submit)
    (folder / "classes.jsa").touch()
    said = said_by(submit)
    assert flag in said
    assert said[-2:] == ["--conf", "a b"]


def said_by(submit: Path) -> list[str]:
    command = [submit, "--conf", "a b"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="its scripts are sh's")
def test_folders_with_spaces_are_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "my cache"))
    submit = Path(home.environment(ClusterSpec(engine="spark"))["SPARK_HOME"], "bin/spark-submit")
    assert "my cache" in str(submit)
    subprocess.run(["sh", "-n", submit], check=True)
    assert shlex.quote(str(launch.program())) in submit.read_text()
