"""solutions.versioning on real repositories: a clean clone makes the same hashes again."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml

from solutions.versioning import (
    add_and_push,
    compare,
    dvc,
    git,
    isolate,
    minimal_repro,
    pipeline,
    revert,
    start,
)

PROJECT = {
    "line.py": "def double(text): return ''.join(2 * line for line in text.splitlines(True))\n",
    "split.py": "from pathlib import Path\nimport sys\n"
    "for name in ('train.csv', 'test.csv'): Path(name).write_text(sys.argv[1] + '\\n')\n",
    "train.py": "from line import double\nimport yaml\nfrom pathlib import Path\n"
    "p = yaml.safe_load(open('params.yaml'))['train']\n"
    "Path('model.json').write_text(double(open('train.csv').read()) + str(p['rate']))\n",
    "evaluate.py": "import json, line\n"
    "number = float(open('model.json').read().split()[-1])\n"
    "json.dump({'error': number}, open('metrics.json', 'w'))\n",
    "params.yaml": "split: {seed: 7}\ntrain: {rate: 0.5, rounds: 3}\n",
}
pytestmark = pytest.mark.filterwarnings("ignore:_NoneStep:DeprecationWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    before = dict(os.environ)
    isolate()
    folder = tmp_path_factory.mktemp("versioning") / "project"
    (folder / "data").mkdir(parents=True)
    trips = np.random.default_rng(1).integers(0, 9, 50)
    (folder / "data" / "trips.csv").write_text("\n".join(map(str, trips)))
    for name, text in PROJECT.items():
        (folder / name).write_text(text)
    start(folder, "../remote")
    add_and_push(folder, "data/trips.csv")
    pipeline(folder)
    yield folder
    os.environ.clear()
    os.environ.update(before)


def test_a_clean_clone_pulls_has_nothing_to_run_and_makes_the_same_again(folder: Path):
    clone = folder.parent / "clone"
    git(folder.parent, "clone", "-q", "project", "clone")
    dvc(clone, "pull", "-q")
    assert dvc(clone, "status").strip() == "Data and pipelines are up to date."
    lock = (clone / "dvc.lock").read_text()
    (clone / "model.json").unlink()
    dvc(clone, "repro", "-q", "--force")
    assert (clone / "dvc.lock").read_text() == lock
    assert yaml.safe_load(lock)["stages"]["train"]["params"]["params.yaml"] == {
        "train.rate": 0.5,
        "train.rounds": 3,
    }


def test_a_rotten_object_at_the_remote_is_not_pulled(folder: Path):
    remote, clone = folder.parent / "remote", folder.parent / "wary"
    trips = (folder / "data" / "trips.csv").read_bytes()
    (thing,) = (p for p in remote.rglob("*") if p.is_file() and p.read_bytes() == trips)
    thing.chmod(0o644)
    thing.write_bytes(trips[:-1] + b"?")
    git(folder.parent, "clone", "-q", "project", "wary")
    with pytest.raises(RuntimeError, match=r"dvc pull -q: .*data/trips.csv"):
        dvc(clone, "pull", "-q")
    assert not (clone / "data" / "trips.csv").exists()
    thing.write_bytes(trips)


def test_changes_reverts_and_experiments_leave_the_branch_as_they_say(folder: Path):
    model = (folder / "model.json").read_text()
    minimal_repro(folder, "train.rate", 0.25)
    assert (folder / "metrics.json").read_text() == '{"error": 0.25}'
    revert(folder, "HEAD~1")
    assert (folder / "model.json").read_text() == model
    head = git(folder, "rev-parse", "HEAD")
    assert compare(folder, "train.rate", [0.1, 0.2]) == {0.1: 0.1, 0.2: 0.2}
    assert (git(folder, "rev-parse", "HEAD"), git(folder, "status", "--short")) == (head, "")
    assert len(dvc(folder, "exp", "list", "--name-only").split()) == 2
    assert dvc(folder, "status").strip() == "Data and pipelines are up to date."


def test_a_complaint_is_told(folder: Path):
    with pytest.raises(RuntimeError, match=r"dvc run .*invalid choice: 'run'"):
        dvc(folder, "run", "-n", "train")
    with pytest.raises(RuntimeError, match=r"dvc add -q line.py: .*already tracked by SCM"):
        dvc(folder, "add", "-q", "line.py")
    with pytest.raises(RuntimeError, match="git checkout nowhere"):
        git(folder, "checkout", "nowhere")
