"""What the tests of the site share: a converter for small pages, the built site, a browser."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import markdown
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chrome import chromium, open_tab

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


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Any]) -> Any:
    """What `make` gives (a JSON value) for a folder, made by one of the processes that test."""
    mine = factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = shared / f"{name}.json"
        if not result.exists():
            result.write_text(json.dumps(make(shared / name)), "utf-8")
    return json.loads(result.read_text("utf-8"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Path:
    """The whole site, built once. It uses the cache that the builds of this machine share."""

    def make(target: Path) -> str:
        done = build(ROOT, target)
        assert done.returncode == 0, done.stderr
        assert "WARNING" not in done.stderr, done.stderr
        return str(target)

    return Path(once(tmp_path_factory, "site", make))


class Handler(SimpleHTTPRequestHandler):
    """Serves files and keeps quiet about it."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the built site is served while these tests run."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium. While it runs, Playwright's event loop does, and no other can here."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab that must not complain on its console or ask anybody but us for anything."""
    with open_tab(browser) as tab:
        yield tab.page
    assert tab.complaints == []
