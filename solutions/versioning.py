"""DVC for real: data in a remote, a pipeline, what runs again and what does not, experiments.

Git keeps small texts: code, parameters, `dvc.yaml` (what is to be done) and `dvc.lock` (what was
done: a hash for each file that went in or came out). DVC keeps the bytes, in a cache beside git and
in a remote, under their hashes.
"""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import mkdtemp

import yaml


def isolate() -> None:
    """Have git and DVC use no settings but a repository's own, tell nobody, and ask nobody."""
    elsewhere = mkdtemp(prefix="dvc-")
    for place in ("GLOBAL_CONFIG_DIR", "SYSTEM_CONFIG_DIR", "SITE_CACHE_DIR"):
        os.environ[f"DVC_{place}"] = elsewhere
    for silent in ("NO_ANALYTICS", "STUDIO_OFFLINE", "DAEMON", "TEST"):
        os.environ[f"DVC_{silent}"] = "1"
    for role in ("AUTHOR", "COMMITTER"):
        os.environ.setdefault(f"GIT_{role}_NAME", "A student")
        os.environ.setdefault(f"GIT_{role}_EMAIL", "student@localhost")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, and give what it prints; raises RuntimeError with its complaint."""
    ran = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"git {' '.join(words)}: {ran.stderr.strip()}")
    return ran.stdout.strip()


def dvc(folder: Path, *words: str) -> str:
    """Run DVC in a folder, and give what it prints; raises RuntimeError with its complaint.

    It is the same program as `dvc` in a terminal, without a new process for each command. With "-q"
    it prints nothing, but a complaint is told all the same.
    """
    from dvc.cli import main
    from dvc.ui import ui

    for console in (ui.rich_console, ui.error_console):
        console.is_jupyter = False  # else it writes into the notebook, past `printed`
    printed, complaint = io.StringIO(), io.StringIO()
    log = logging.getLogger("dvc")
    shown, log.handlers = log.handlers, []
    log.addHandler(logging.StreamHandler(complaint))
    try:
        with chdir(folder), redirect_stdout(printed), redirect_stderr(io.StringIO()):
            status = main([word for word in words if word != "-q"])
    finally:
        log.handlers = shown
    if status:
        said = complaint.getvalue().splitlines()
        why = [line for line in said if line and not line.startswith((" ", "Traceback"))]
        raise RuntimeError(f"dvc {' '.join(words)}: {' '.join(why)}")
    return "" if "-q" in words else printed.getvalue()


def start(folder: Path, remote: str) -> None:
    """Make a folder's files a git repository with DVC in it, whose remote is another folder.

    What lies in `data/` is none of git's business yet. DVC checks what it pulls (`verify`).
    """
    git(folder, "init", "-q", "-b", "main")
    dvc(folder, "init", "-q")
    dvc(folder, "remote", "add", "-q", "-d", "store", remote)
    dvc(folder, "remote", "modify", "-q", "store", "verify", "true")
    git(folder, "add", ".", ":!data")
    git(folder, "commit", "-q", "-m", "Code and settings")


def add_and_push(folder: Path, path: str) -> None:
    """Have DVC keep a file or folder, with its bytes at the remote, and git what refers to it.

    `folder` is a git repository with DVC and a default remote, and `path` leads to data in it,
    which git does not know yet. Afterwards one more commit has what `dvc add` made; the bytes of
    the data are in no commit of git, not in an older one either; and whoever clones the
    repository gets them with `dvc pull`.

    >>> # add_and_push(Path("taxi"), "data/trips.csv")
    """
    dvc(folder, "add", "-q", path)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", f"Track {path}")
    dvc(folder, "push", "-q")


def pipeline(folder: Path) -> None:
    """Write the three stages of the project into `dvc.yaml`, run them, push, and commit all.

    `folder` is a repository with DVC, a remote, and `data/trips.csv` tracked. The stages:

    | stage | runs | reads | writes |
    |---|---|---|---|
    | `split` | `python split.py ${split.seed}` | `data/trips.csv` | `train.csv`, `test.csv` |
    | `train` | `python train.py` | `train.csv`, parameters | `model.json` |
    | `evaluate` | `python evaluate.py` | `model.json`, `test.csv` | `metrics.json` |

    Each stage declares **all** that it depends on: the files that it reads, its code (a script,
    and the modules of the project that it imports), and the parameters of `params.yaml` that it
    reads. Its outputs are kept by DVC, but for `metrics.json`: that is a metric, which git keeps.

    Afterwards `dvc status` finds nothing to do, the bytes of all outputs are at the remote, and one
    more commit has `dvc.yaml`, `dvc.lock` and the metrics. Run in an empty folder with what it
    declares and nothing else, each stage makes the same outputs again.
    """
    stage = ("stage", "add", "-q", "-n")
    dvc(folder, *stage, "split", "-d", "data/trips.csv", "-d", "split.py",
        "-o", "train.csv", "-o", "test.csv", "python split.py ${split.seed}")  # fmt: skip
    dvc(folder, *stage, "train", "-d", "train.csv", "-d", "train.py", "-d", "line.py",
        "-p", "train.rate,train.rounds", "-o", "model.json", "python train.py")  # fmt: skip
    dvc(folder, *stage, "evaluate", "-d", "model.json", "-d", "test.csv", "-d", "evaluate.py",
        "-d", "line.py", "-M", "metrics.json", "python evaluate.py")  # fmt: skip
    dvc(folder, "repro", "-q")
    dvc(folder, "push", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "A pipeline")


def minimal_repro(folder: Path, name: str, value: float) -> None:
    """Change one parameter, bring everything up to date, push, and commit.

    `folder` is a repository whose pipeline is up to date; `name` is a parameter of `params.yaml`
    with its section, as in "train.rate". The stages that depend on it, directly or through other
    stages, run once each, and no other stage runs. Afterwards `dvc status` finds nothing to do, the
    bytes of all outputs are at the remote, and one more commit has the change.

    >>> # minimal_repro(Path("taxi"), "train.rate", 0.05)
    """
    params = yaml.safe_load((folder / "params.yaml").read_text())
    section, key = name.split(".")
    params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    dvc(folder, "repro", "-q")
    dvc(folder, "push", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", f"{name}: {value}")


def revert(folder: Path, commit: str) -> None:
    """Bring everything back as it was at a commit, data and models too, without running a stage.

    `folder` is a repository that DVC has kept up to date. Afterwards its working files are those
    of `commit`, those that DVC keeps included. This is a new commit on the branch: none of the
    later ones is lost.

    >>> # revert(Path("taxi"), "HEAD~1")
    """
    git(folder, "checkout", commit, "--", ".")
    git(folder, "commit", "-q", "-m", f"Back to {commit}")
    dvc(folder, "checkout", "-q", "--force")


def compare(folder: Path, name: str, values: Iterable[float]) -> dict[float, float]:
    """Try each value of a parameter in an experiment, and say how large the error became.

    `folder` is a repository whose pipeline is up to date; `name` is a parameter as in
    `minimal_repro`. There is one experiment of DVC for each of the values, and all of them stay.
    The stages that do not depend on the parameter do not run. Returns the metric `error` by
    value. Afterwards the branch is where it was: an experiment is no commit of it.

    >>> # compare(Path("taxi"), "train.rate", [0.01, 0.1])
    {0.01: 412.5, 0.1: 211.25}
    """
    errors = {}
    for value in values:
        dvc(folder, "exp", "run", "-q", "-S", f"{name}={value}")
        errors[value] = json.loads((folder / "metrics.json").read_text())["error"]
    git(folder, "checkout", "-q", "--", ".")
    dvc(folder, "checkout", "-q", "--force")
    return errors
