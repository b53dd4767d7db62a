"""Excerpts: a reference is written once, and its two sides never mix."""

import textwrap
from pathlib import Path

import pytest

from autograder import excerpt
from autograder.errors import OutgrowError
from autograder.excerpt import BEGIN, END

MODULE = '''
"""A module."""

import heapq
import json, math
from collections import deque
from collections.abc import Iterable

Graph = dict[str, list[str]]
SECRET = 42


# how far down
def _depth(graph: Graph) -> int:
    return SECRET + math.floor(0.5)


def walk(graph: Graph, keys: Iterable[str] = ()) -> list[str]:
    """Walk the graph.

    >>> walk({})
    []
    """
    # the answer's own comment
    queue = deque(keys)
    heapq.heapify(list(queue))
    return [*queue][: _depth(graph)]


async def fetch(url: str) -> bytes:
    """Fetch."""
    return json.dumps(url).encode()


class Counter:
    """Counts."""

    start: int = 0

    def __init__(self, graph: Graph) -> None:
        """Begin."""
        self.n = self.start

    def up(self) -> int:
        """One more."""
        self.n += SECRET
        return self.n


def bare(x):
    return x


VALUE = 3
'''


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "excerpted.py").write_text(textwrap.dedent(MODULE), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    excerpt.read_module.cache_clear()
    return "excerpted"


def shown(source: str) -> str:
    """What is left when nbgrader has taken the solution out."""
    kept, hidden = [], False
    for line in source.splitlines():
        hidden = hidden or BEGIN in line
        kept += [] if hidden else [line]
        hidden = hidden and END not in line
    return "\n".join(kept)


def test_the_student_sees_signature_docstring_and_what_they_use(module: str):
    text = shown(excerpt.task(module, "walk", set()))
    assert "from collections.abc import Iterable" in text
    assert "Graph = dict[str, list[str]]" in text
    assert "def walk(graph: Graph, keys: Iterable[str] = ()) -> list[str]:" in text
    assert ">>> walk({})" in text


@pytest.mark.parametrize(
    "secret", ["heapq", "deque", "SECRET", "_depth", "math", "queue", "comment"]
)
def test_nothing_of_the_answer_is_left(module: str, secret: str):
    source = excerpt.task(module, "walk", set())
    assert secret in source
    assert secret not in shown(source)


def test_the_answer_runs_with_nothing_but_its_cell(module: str):
    names: dict = {}
    exec(excerpt.task(module, "walk", set()), names)
    assert names["walk"]({}, ["b", "a"]) == ["b", "a"]


def test_known_names_are_not_pasted_again(module: str):
    assert "Graph = " not in excerpt.task(module, "walk", {"Graph"})


def test_async_functions_and_classes_are_tasks(module: str):
    fetch = excerpt.task(module, "fetch", set())
    assert shown(fetch) == 'async def fetch(url: str) -> bytes:\n    """Fetch."""'
    names: dict = {}
    counter = excerpt.task(module, "Counter", set())
    exec(counter, names)
    assert names["Counter"]({}).up() == 42
    assert "One more." in shown(counter)
    assert "start: int = 0" in shown(counter)
    assert "self.n" not in shown(counter)


def test_a_given_name_brings_what_it_needs(module: str):
    names: dict = {}
    exec(excerpt.given(module, ["_depth"], set()), names)
    assert names["_depth"]({}) == 42
    assert "# how far down" in excerpt.given(module, ["_depth"], set())
    assert "json" not in excerpt.given(module, ["_depth"], set())


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing", "does not define"), ("bare", "has no docstring"), ("VALUE", "not something")],
)
def test_what_cannot_be_a_task_is_said(module: str, name: str, said: str):
    with pytest.raises(OutgrowError, match=said):
        excerpt.task(module, name, set())


def test_a_missing_module_is_said():
    with pytest.raises(OutgrowError, match="no module `no_such_module`"):
        excerpt.task("no_such_module", "f", set())
