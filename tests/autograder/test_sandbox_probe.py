"""The probe: the level that is found here, what lowers it, and what is said where there is none."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import OutgrowError
from autograder.sandbox import forker, probe, room


@pytest.fixture(autouse=True)
def _asked_afresh() -> Iterator[None]:
    probe.level.cache_clear()
    yield
    probe.level.cache_clear()


def test_this_machine_reaches_the_full_level():
    assert probe.level().full, probe.level()


def test_an_attempt_that_succeeds_is_named_and_lowers_the_level(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        probe, "_attempts", lambda: {"read a file of the grader": "9 bytes of /x", "y": ""}
    )
    level = probe.level()
    assert (level.name, level.fact) == (
        "none",
        "the sandbox lets through: read a file of the grader: 9 bytes of /x",
    )


@pytest.mark.parametrize(
    ("system", "remedy"), [("Windows", "WSL 2"), ("Darwin", "Linux virtual machine")]
)
def test_elsewhere_than_on_linux_it_says_where_to_grade(
    monkeypatch: pytest.MonkeyPatch, system: str, remedy: str
):
    monkeypatch.setattr(probe.platform, "system", lambda: system)
    level = probe.level()
    assert level.name == "none"
    assert remedy in level.remedy


def test_without_bubblewrap_grading_is_refused_with_the_packages_name(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(room.shutil, "which", lambda *_, **__: None)
    with pytest.raises(OutgrowError, match="apt install bubblewrap") as refused:
        probe.require()
    assert "--unsafe" in str(refused.value)


def test_apparmor_is_named_where_it_forbids_namespaces(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "on").write_text("1\n")
    monkeypatch.setattr(probe, "APPARMOR", tmp_path / "on")
    assert "apparmor-profiles" in probe._remedy("no sandbox could be made: Permission denied")


def test_a_room_that_leaks_our_environment_is_noticed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forker, "KEPT", (*forker.KEPT, probe.PLANTED))
    level = probe.level()
    assert level.name == "none"
    assert f"the environment holds {probe.PLANTED}" in level.fact


def test_a_room_that_leaks_our_files_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    tmp_path.chmod(0o755)
    binds = [*room._binds(), (tmp_path, tmp_path)]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(room, "_binds", lambda: iter(binds))
    room._runtime.cache_clear()
    level = probe.level()
    room._runtime.cache_clear()
    assert level.name == "none"
    assert f"read a file of the grader: 22 bytes of {tmp_path}" in level.fact
