"""What the tests of the site share: a converter for small pages, a build of the whole site."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import markdown
import pytest

Build = Callable[[Path, Path], subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
EXTENSIONS = ["lectures._site.directives", "lectures._site.run_fences", "pymdownx.superfences"]


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, empty at first."""
    monkeypatch.setenv("OUTGROW_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def convert(cache_folder: Path) -> Callable[[str], str]:
    """Convert a page, given as text, as the site does."""
    del cache_folder
    return lambda text: markdown.markdown(text, extensions=EXTENSIONS)


@pytest.fixture(scope="session")
def build() -> Build:
    """Build the site of a folder, strictly, into another folder."""

    def run(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(target)]
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
        return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True)

    return run


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Path:
    """The whole site, built once. It uses the cache that the builds of this machine share."""
    target = tmp_path_factory.mktemp("site")
    done = build(ROOT, target)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return target
