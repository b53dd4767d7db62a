# ---
# title: Data versioning
# minutes: 110
# prerequisites: [02_task_graphs]
# needs: {}
# ---

# %% [markdown]
# # Data versioning
#
# `model_L7_e120.pkl`, `model_L7_e120_good.pkl`, `trips_new_FIXED.csv`: everybody has seen such a folder, and nobody
# knows which data made which model. Git would know, but git is made for texts: it keeps every version of every file in
# every clone, for ever.
#
# In this lab you first write what is under every tool of this kind: a **content-addressed store**, in three functions.
# Then you use DVC, which is such a store beside git, plus a **graph of stages**: a change runs what depends on it, going
# back runs nothing, and an experiment is never lost. Nothing is graded by the clock: what counts is which **stages ran**,
# which **objects** are where, and whether **each stage makes the same again when it is run alone**.
#
# You need files and folders in Python (`pathlib`), the commands `git add` and `git commit`, and the lecture *Data
# versioning*. Each task has a check cell, which you may run as often as you like, and three hints. The checks of tasks 4
# to 8 work with real repositories and take some seconds. Where the text asks for a **prediction**, write it down first.

# %% given
import hashlib
import io
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import yaml

from autograder import check

BLOCK = 2**20
sys.path.append(str(Path.cwd()))  # where the project's files are: `projects.py`

# %% given
from solutions.contents import digest_of, objects, place

# %% given
Path("data").mkdir(exist_ok=True)
Path("data/hello.txt").write_text("hello")
place(Path("data/store"), digest_of(Path("data/hello.txt")))

# %% [markdown]
# ## 1. Put
#
# A store has no file names. An **object** lies under the hash of its bytes, its *digest*: `place(store, digest)` is
# where. The folder of two digits is there because file systems do not like a million files in one folder.
#
# **Predict:** two people put the same file of 1 GB into a store, each under another name. How many bytes does the store
# have then? And if one of the two has changed one byte?

# %% task
from solutions.contents import put

# %% check put
check("put")

# %% [markdown] hints put
# 1. Concept: Ask the bytes for their name, not the file. If an object with that name is there, there is nothing left to
#    do. If not, the object has to appear under its name in one step, when it is whole.
# 2. API: `digest_of(file)`, `place(store, digest)`; `tempfile.mkstemp(dir=store)` gives an open handle (`os.close` it) and
#    a name; `shutil.copyfile`; `Path.chmod(0o444)`; `Path.replace` renames in one step within a file system.
# 3. Skeleton: `digest = …`; `if not place(store, digest).exists():` make the folder, a temporary file, copy, make it
#    read-only, rename; in the end `return digest`.

# %% [markdown]
# ## 2. Get
#
# To bring a version back, each of its files is fetched from the store. A copy takes time and room; a **link** takes
# neither, whatever the size. **Predict:** you get a file as a hard link, and a script *appends* a line to it. What is
# in the store then? (That is why objects are read-only.)

# %% task
from solutions.contents import get

# %% check get
check("get")

# %% [markdown] hints get
# 1. Concept: First look at everything that may be wrong: the kind of link, the object, its bytes. Only then touch the
#    target; and what was there has to go before a link can come.
# 2. API: `digest_of` raises FileNotFoundError by itself; `target.unlink(missing_ok=True)`; `target.hardlink_to(source)`,
#    `target.symlink_to(source.resolve())`, `shutil.copyfile(source, target)`; `Path.chmod`.
# 3. Skeleton: two `if …: raise ValueError(…)`; make the folder; remove the target; `if link == "hardlink": …`,
#    `elif link == "symlink": …`, `else: …`.

# %% [markdown]
# A version of a folder is now a small table: name → digest, a **manifest**. Git keeps such a table well. What has
# changed since then?

# %% given
from solutions.contents import status

# %% given
store, work = Path("data/store"), Path("data/work")
shutil.rmtree(store, ignore_errors=True)
for name, text in {"trips.csv": "a trip\n", "zones.csv": "a zone\n"}.items():
    work.mkdir(exist_ok=True)
    (work / name).write_text(text)
version_1 = {path.name: put(store, path) for path in sorted(work.iterdir())}
(work / "trips.csv").write_text("a better trip\n")
print(version_1, status(work, version_1))

# %% [markdown]
# ## 3. Collect garbage
#
# A store only grows. Some day somebody wants to throw away what is no longer needed. **Predict:** a colleague keeps what
# the files of *today* need. What does `get` say to whoever goes back to last week?

# %% task
from solutions.contents import gc

# %% check gc
check("gc")

# %% [markdown] hints gc
# 1. Concept: First everything that any version names, then everything that is there. The difference goes.
# 2. API: a set of the digests (`manifest.values()`); `objects(store)` gives the digests of the store; `Path.stat().st_size`,
#    `Path.unlink()`.
# 3. Skeleton: `named = {… for manifest in manifests for …}`; a loop over `list(objects(store))` with an `if`; add up before
#    you remove.

# %% [markdown]
# That was the whole idea: `put`, `get`, a table of names, `gc`. From here on DVC does it. Its cache is your store (look
# into `.dvc/cache/files/md5`), its remote is another one, and its manifests are files that end with `.dvc`, and `dvc.lock`.
#
# Two functions run git and DVC in a folder: `dvc(folder, "push")` is `dvc push` in a terminal. And `start` makes a
# repository of a folder. Its remote is a second folder here; the URL of a bucket (`gs://…`) would do as well, as in the
# lecture.

# %% given
from solutions.versioning import dvc, git, isolate, start

# %% given
isolate()

from projects import sums, taxi, write_project

taxi_folder = Path(mkdtemp(), "taxi")
write_project(taxi_folder, taxi(np.random.default_rng(1)))
start(taxi_folder, str(taxi_folder.parent / "remote"))
print(git(taxi_folder, "status", "--short"))
print(sorted(path.name for path in taxi_folder.iterdir()))

# %% [markdown]
# ## 4. Add and push
#
# `data/trips.csv` is there, and git does not know it yet: now is the moment. Once the bytes are in a commit, they are in
# every clone, for ever, whatever a later commit does. **Predict:** after `dvc add data/trips.csv`, which files are new?
# Which of them does git get?

# %% task
from solutions.versioning import add_and_push

# %% check add_and_push
check("add_and_push")

# %% [markdown] hints add_and_push
# 1. Concept: Three things go to three places: the bytes into DVC's cache and to the remote, the file with the hash (and
#    what tells git to ignore the data) to git.
# 2. API: `dvc(folder, "add", "-q", path)`, `dvc(folder, "push", "-q")`; `git(folder, "add", …)`, `git(folder, "commit", "-q",
#    "-m", …)`.
# 3. Skeleton: four lines, one for each of these; DVC's `add` comes before git's.

# %% given
add_and_push(taxi_folder, "data/trips.csv")
print(Path(taxi_folder, "data/trips.csv.dvc").read_text())

# %% [markdown]
# ## 5. A pipeline
#
# The project has three scripts. Read them: what does each read, and what does it write?

# %% given
for name in ("split.py", "train.py", "evaluate.py", "line.py", "params.yaml"):
    print(f"# ---- {name}\n{Path(taxi_folder, name).read_text()}")

# %% [markdown]
# DVC does not watch what a script reads. It believes what you **declare**, and it has a reason to ask: of the declared
# files and parameters it keeps the hashes in `dvc.lock`, and a stage runs again when one of them is another. What you
# forget to declare can change without anybody noticing, and then the model in the repository is not the model that the
# repository makes. So your stages are tried here: **each one in an empty room, with what it declares and nothing else.**
#
# **Predict:** `line.py` gets another formula, and no stage names it. What does `dvc repro` do?

# %% task
from solutions.versioning import pipeline

# %% check pipeline
check("pipeline")

# %% [markdown] hints pipeline
# 1. Concept: Take each script in turn, and write down every file that it opens, every module of the project that it
#    imports, and every parameter that it looks up. Its own text is a dependency, too.
# 2. API: `dvc(folder, "stage", "add", "-q", "-n", NAME, "-d", FILE, …, "-p", "section.key,section.key", "-o", OUTPUT, …,
#    "-M", METRICS, COMMAND)`; then `repro`, `push`. `${…}` in a command is a value of `params.yaml`.
# 3. Skeleton: three calls of `stage add`, one of `repro`, one of `push`; then git's `add` and `commit`. The command of
#    `split` is `"python split.py ${split.seed}"`.

# %% given
pipeline(taxi_folder)
print(dvc(taxi_folder, "dag"))
print(dvc(taxi_folder, "status"), Path(taxi_folder, "metrics.json").read_text())

# %% [markdown]
# ### To write: who needs the room?
#
# Your colleague says: "`dvc repro` runs through, and the second time it says that everything is up to date. So the pipeline
# is right." Answer in three to five sentences: what has that shown, and what not? Name one mistake that `dvc repro` on her
# machine cannot find, and say how you would find it.

# %% answer alone points=3
# It has shown that the stages ran once on her machine, and that nothing that they declare has changed since. It has not
# shown that they declare everything. A module that is imported and not declared lies beside the script, so the stage runs;
# when the module changes, `dvc repro` runs nothing, and the recorded model is no longer what the code makes. The same holds
# for a parameter, for a file under her home folder, and for a stage that draws random numbers without a seed. One finds it
# by running each stage in a place where only what is declared exists, and comparing the hashes of the outputs: a clean
# machine, a container, or CI with a fresh clone.

# %% [markdown]
# ## 6. Change one thing
#
# From here on the project is a smaller one: `sums`, four stages with a factor each.

# %% given
sums_folder = Path(mkdtemp(), "sums")
write_project(sums_folder, sums(np.random.default_rng(1)))
start(sums_folder, str(sums_folder.parent / "remote"))
add_and_push(sums_folder, "data/numbers.txt")
dvc(sums_folder, "repro", "-q")
git(sums_folder, "add", ".")
git(sums_folder, "commit", "-q", "-m", "First run")
for name in ("dvc.yaml", "params.yaml"):
    print(f"# ---- {name}\n{Path(sums_folder, name).read_text()}")

# %% [markdown]
# **Predict:** which stages run if `north.factor` changes? If `clean.factor` does? And if `clean.factor` changes from 2 to
# 20 and the new data happen to give the same `clean.txt`?
#
# A parameter in the last commit has to belong to the results in it. To change the one and not the other is a lie that
# nobody notices for months.

# %% task
from solutions.versioning import minimal_repro

# %% check minimal_repro
check("minimal_repro")

# %% [markdown] hints minimal_repro
# 1. Concept: Change the file, and let DVC find out what follows. It compares hashes along the graph. All that you add is
#    the order: change, run, push, commit.
# 2. API: `yaml.safe_load(text)` and `yaml.safe_dump(values)`; `name.split(".")`; `dvc(folder, "repro", "-q")`.
# 3. Skeleton: read, `params[section][key] = value`, write; then `repro`, `push`, and git's `add` and `commit`.

# %% given
minimal_repro(sums_folder, "north.factor", 50)
print(git(sums_folder, "show", "--stat", "--format=%s"))

# %% [markdown]
# ## 7. Go back
#
# The new factor was no good idea. **Predict:** how many stages have to run to bring the old results back?

# %% task
from solutions.versioning import revert

# %% check revert
check("revert")

# %% [markdown] hints revert
# 1. Concept: The old hashes are in an old commit, the old bytes are in the cache. Git fetches the first, DVC the second,
#    and neither has to compute.
# 2. API: `git checkout COMMIT -- .` brings back files and leaves the branch where it is; `dvc checkout --force` makes the
#    data what `dvc.lock` and the `.dvc` files say.
# 3. Skeleton: three lines: git's `checkout`, git's `commit`, DVC's `checkout`.

# %% given
revert(sums_folder, "HEAD~1")
print(Path(sums_folder, "params.yaml").read_text(), dvc(sums_folder, "status"))

# %% [markdown]
# ## 8. Compare: correct, but slow
#
# Which factor is best? This loop is correct. It also copies the repository, and runs **every** stage for **every** value;
# and when it is done, nobody knows any more what was tried.


# %% given
def compare_in_copies(folder, name, values):
    """The error by value."""
    errors = {}
    for value in values:
        copy = Path(mkdtemp(), "copy")
        shutil.copytree(folder, copy)
        minimal = yaml.safe_load((copy / "params.yaml").read_text())
        section, key = name.split(".")
        minimal[section][key] = value
        (copy / "params.yaml").write_text(yaml.safe_dump(minimal))
        dvc(copy, "repro", "-q", "--force")
        errors[value] = json.loads((copy / "metrics.json").read_text())["error"]
    return errors


# %% [markdown]
# **Predict:** four stages, ten values: how many runs of stages is that? How many would do? (Try it with two:
# `compare_in_copies(sums_folder, "south.factor", [2, 20])`.)
#
# DVC keeps an **experiment** as a commit that belongs to no branch: parameters, lock and metrics. Try each value in one, and
# leave all of them there. An experiment that went badly is a result as well.

# %% task
from solutions.versioning import compare

# %% check compare
check("compare")

# %% [markdown] hints compare
# 1. Concept: One experiment a value, in the repository itself: what does not depend on the parameter is in the cache
#    already. Afterwards the files have to be what they were.
# 2. API: `dvc(folder, "exp", "run", "-q", "-S", f"{name}={value}")` changes the parameter, runs what depends on it, and keeps
#    the experiment; `json.loads((folder / "metrics.json").read_text())`. Then as in `revert`: git's `checkout`, DVC's `checkout`.
# 3. Skeleton: `errors = {}`; a loop with two lines; two lines that clean up; `return errors`.

# %% given
print(compare(sums_folder, "south.factor", [2, 20, 200]))
print(git(sums_folder, "for-each-ref", "--format=%(refname)", "refs/exps"))
