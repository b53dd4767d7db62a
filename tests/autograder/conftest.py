"""One tiny course, released once; each test takes a copy of it. And kernels in the sandbox."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.course.folder import Course, init_course, open_course
from autograder.course.release import release
from autograder.judge import washing
from autograder.judge.kernel import Kernel
from autograder.lab import Lab
from tests.autograder.messages import Line
from tests.autograder.tiny import tiny_lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with tiny_lab(tmp_path_factory.mktemp("checkout")) as found:
        yield found


@pytest.fixture(scope="module")
def released(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = init_course(tmp_path_factory.mktemp("made") / "course", lab.folder.parent)
    release(course, lab)
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path) -> Course:
    """A released course with nothing handed in."""
    return open_course(shutil.copytree(released.root, tmp_path / "course"))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "numbers.txt").write_text("1 2 3")
    (folder / "test_hidden.py").write_text("SECRET = 1")
    (folder / "lab.ipynb").write_text("{}")
    return folder


@pytest.fixture
def kernel(bundle: Path) -> Iterator[Kernel]:
    with Kernel(bundle, sandbox=True) as kernel:
        yield kernel


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def other_basin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Start a basin by another command, for one test."""

    def use(*command: str) -> None:
        monkeypatch.setattr(washing, "COMMAND", command)
        washing._basin.cache_clear()

    yield use
    washing._basin.cache_clear()
