"""One pytest session over a lab's tests: what there is to earn, and what was earned.

pytest stays itself (fixtures, parametrize, rewritten assertions); `plugin.Judge` adds our fixtures
and turns outcomes into verdicts. The options shut out the surroundings: no conftest, no installed
plugins, no ini but ours. A test may import the helpers that lie beside it, for as long as the
session lasts.
"""

import importlib
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.errors import OutgrowError
from autograder.judge.plugin import Judge, Stage
from autograder.judge.verdict import Planned, Verdict
from autograder.modules import needed

INI = Path(__file__).with_name("pytest.ini")
WITHOUT = (
    "cacheprovider", "terminal", "faulthandler", "warnings", "logging", "junitxml", "pastebin",
    "unraisableexception", "threadexception",
)  # fmt: skip
JUDGED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)


def plan(tests: Sequence[Path], tasks: Sequence[str]) -> tuple[Planned, ...]:
    """The tests of a lab in the order in which they run: by task, visible before hidden."""
    judge = Judge(tests, tasks)
    _run(judge, "--collect-only")
    return tuple(judge.planned)


def judge(
    tests: Sequence[Path],
    tasks: Sequence[str],
    stage: Stage,
    seed: Callable[[str], int],
    watch: Callable[[Verdict], object] = id,
    only: str = "",
) -> tuple[Verdict, ...]:
    """Run the tests against the student on `stage`; call `watch` with each verdict as it comes.

    `tasks` are all tasks of the lab, in order; if a task or a test function is named, `only` that
    is judged. `seed` gives each test's random seed by the test's name.
    """
    session = Judge(tests, tasks, stage, seed, watch, only)
    _run(session)
    return tuple(session.verdicts)


def _run(plugin: Judge, *options: str) -> None:
    folder = plugin.tests[0].resolve().parent
    arguments = [
        *(str(folder / path.name) for path in plugin.tests), *options,
        "-c", str(INI), f"--rootdir={folder}", f"--confcutdir={folder}", "--noconftest",
        "--import-mode=importlib", "--disable-plugin-autoload", "--capture=no",
        *(option for name in WITHOUT for option in ("-p", f"no:{name}")),
    ]  # fmt: skip
    with _helpers_of(plugin.tests, folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = pytest.main(arguments, plugins=[plugin])
    if code == pytest.ExitCode.INTERRUPTED and not plugin.broken:
        raise KeyboardInterrupt
    if code not in JUDGED and not plugin.broken:
        plugin.broken = f"pytest ended with {pytest.ExitCode(code).name}"
    if plugin.broken:
        raise OutgrowError(
            plugin.broken, folder, "Mend the tests; no submission can be judged by them."
        )


@contextmanager
def _helpers_of(tests: Sequence[Path], folder: Path) -> Iterator[None]:
    """Let tests import their helpers, read anew, and leave no trace of either.

    Other modules of the folder are not touched: they are the student's, who may be using them.
    """
    helpers = needed(tests)
    aside = {path.stem: sys.modules.pop(path.stem, None) for path in helpers}
    before = set(sys.modules)
    no_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = no_bytecode
        _forget(before, {str(folder / path.name) for path in (*tests, *helpers)})
        sys.modules.update({name: module for name, module in aside.items() if module})


def _forget(before: set[str], files: set[str]) -> None:
    """Drop the modules of these files, so that the next session reads them anew."""
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) in files:
            del sys.modules[name]
