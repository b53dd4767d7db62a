"""Real repositories, made by git and DVC, and changed by hand or by command."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.repository.desk import Repository
from autograder.repository.facts import RepositoryFacts
from autograder.repository.parcel import pack
from solutions.versioning import dvc, git, isolate, start

WORDS = "to be or not to be\n" * 20
COUNT = """import json, yaml
scale = yaml.safe_load(open("params.yaml"))["count"]["scale"]
words = open("upper.txt").read().split()
json.dump({"words": len(words) * scale}, open("metrics.json", "w"))
"""
STAGES = """stages:
  upper:
    cmd: tr a-z A-Z < data/words.txt > upper.txt
    deps: [data/words.txt]
    outs: [upper.txt]
  count:
    cmd: python count.py
    deps: [count.py, upper.txt]
    params: [count.scale]
    metrics: [metrics.json: {cache: false}]
"""
PARAMS = "count:\n  scale: 2\nother: 1\n"


class Line:
    """A submission, as far as an examination asks."""

    def __init__(self, sandbox: bool) -> None:
        self.sandbox = sandbox


@dataclass
class Made:
    """A repository in a folder, its remote beside it, and who examines it."""

    folder: Path
    line: Line

    def write(self, **files: str) -> None:
        """Write files; an underscore in a name stands for its dot."""
        for name, text in files.items():
            (self.folder / name.replace("_", ".")).write_text(text)

    def commit(self, *repro: str) -> None:
        """Have DVC run what has changed, push, and commit all."""
        dvc(self.folder, "repro", "-q", *repro)
        dvc(self.folder, "push", "-q")
        self.note()

    def note(self) -> None:
        git(self.folder, "add", ".")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", "change")

    def parcel(self) -> dict[str, Any]:
        return pack(self.folder, self.folder.parent / "remote")

    def examine(self, parcel: Mapping[str, Any] | None = None, **more: Any) -> RepositoryFacts:
        return Repository(self.line).examine(**(parcel or self.parcel()), **more)

    def copy(self, place: Path, line: Line) -> "Made":
        shutil.copytree(self.folder.parent, place)
        return Made(place / "project", line)


@contextmanager
def isolated() -> Iterator[None]:
    """Git and DVC with no settings of this machine, for as long as this lasts."""
    before = dict(os.environ)
    isolate()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def make(place: Path, line: Line) -> Made:
    """Words, a stage that makes them upper case, and one that counts them."""
    made = Made(place / "project", line)
    (made.folder / "data").mkdir(parents=True)
    (made.folder / "data" / "words.txt").write_text(WORDS)
    made.write(count_py=COUNT, params_yaml=PARAMS, dvc_yaml=STAGES)
    start(made.folder, "../remote")  # relative, so that a copy has a remote of its own
    dvc(made.folder, "add", "-q", "data/words.txt")
    made.commit()
    return made
