"""Whatever lies where a submission should lie: only an ordinary file is opened."""

import json
import os
import shutil
import socket
from pathlib import Path

import pytest

from autograder import intake
from tests.autograder.handed_in import unix
from tests.autograder.notebooks import released


def submitted(tmp_path: Path) -> Path:
    """The path of a submission, as nbgrader lays it out, with an honest file of another beside."""
    for student in ("alice", "bob"):
        (tmp_path / "submitted" / student / "lab").mkdir(parents=True)
    (tmp_path / "submitted" / "bob" / "lab" / "lab.ipynb").write_text(json.dumps(released()))
    return tmp_path / "submitted" / "alice" / "lab" / "lab.ipynb"


@unix
@pytest.mark.parametrize("part", [0, 1, 2], ids=["file", "lab", "student"])
def test_a_link_is_not_followed_at_any_step(tmp_path: Path, part: int):
    path = submitted(tmp_path)
    link = (path, *path.parents)[part]
    if part:
        shutil.rmtree(link)
    link.symlink_to(Path(str(link).replace("alice", "bob")), target_is_directory=bool(part))
    assert path.is_file()
    taken = intake.take_in(path, released())
    assert taken.problem == f"{link.name} is a link; hand in the file itself"


@unix
@pytest.mark.parametrize("kind", ["pipe", "folder", "socket", "device", "nothing", "broken link"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, kind: str):
    path = submitted(tmp_path)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        here = Path.cwd()
        os.chdir(path.parent)  # its path may be too long for a socket
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(path.name)
        os.chdir(here)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "broken link":
        path.symlink_to("nowhere")
    taken = intake.take_in(path, released())
    assert taken.problem
    assert [c.source for c in taken.notebook.cells] == [c.source for c in released().cells]


@unix
def test_the_name_that_the_author_gave_it_is_found_and_nothing_else_opened(tmp_path: Path):
    path = submitted(tmp_path)
    path.write_text("{}")
    path.with_name("my work.ipynb").write_text("{}")
    path.with_name("other.ipynb").write_text("[]")
    path.with_name("link.ipynb").symlink_to(path)
    os.mkfifo(path.with_name("pipe.ipynb"))
    with path.with_name("large.ipynb").open("wb") as file:
        file.truncate(2 * 2**30)
    assert intake.same_files(path) == ["my work.ipynb"]
