"""MapReduce on one machine: the five steps, in processes that may die.

    split      bytes of files, one share a map task                     (splits)
    map        map(line) for each line of the share                     (a process a task)
    combine    equal keys of one buffer brought together, and spilled   (shuffle, runs)
    shuffle    each record to the file of its reducer                   (partition)
    reduce     merge the files of all maps, reduce(key, values)         (a process a task)

A folder a job, a folder a map task, a file a reducer in it:

    folder/map-00003/part-00001   what map task 3 has for reducer 1, sorted by key
    folder/part-00001             the output of reducer 1, sorted by key

Between a map and a reduce task there are only files. That is the point: a reducer does not care
which attempt wrote them, on which machine, or whether that process is still alive.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from solutions.attempts import run_tasks
from solutions.runs import external_sort, merge, write_run, write_shares
from solutions.shuffle import Map, Reduce, reduced
from solutions.splits import Split, lines


@dataclass(frozen=True)
class Job:
    """What to do: a map and a reduce function, and perhaps a combiner."""

    map: Map
    reduce: Reduce
    combine: Reduce | None = None


def run_job(
    job: Job,
    splits: Sequence[Split],
    folder: Path,
    reducers: int = 2,
    workers: int = 2,
    memory: int = 250_000,
) -> list[Path]:
    """Run a job in many processes, and give the files of its output, one a reducer, in order.

    Each split is one map task: `job.map` is called with each of its lines (`lines(split)`), and
    gives records. Each of the `reducers` is one reduce task: it calls `job.reduce(key, values)`
    once for every key that `partition` sends to it, in ascending order of the keys, with an
    iterator of all values that the map tasks have for that key, in no particular order. What
    `job.reduce` gives is written to the reducer's file; `read_run` reads it. A reducer without keys
    writes an empty file.

    With `job.combine`, each map task hands on at most one record a key (as far as `job.combine`
    gives one).

    Every task runs in a process of its own, at most `workers` at a time. A task whose process dies
    is run again, up to four times in all; then RuntimeError is raised. Otherwise each task runs
    once. An attempt that died leaves nothing in the output.

    A map task holds at most `memory` records at a time, a reduce task a few blocks of each run,
    however large the input is. All files are in `folder`, which is made if it is not there. What
    an earlier job left there does no harm.
    """
    folder.mkdir(parents=True, exist_ok=True)
    maps = {f"map-{number:05}": split for number, split in enumerate(splits)}
    parts = [f"part-{number:05}" for number in range(reducers)]
    run_tasks(
        {name: partial(_map, job, maps[name], folder / name, parts, memory) for name in maps},
        workers,
    )
    run_tasks({part: partial(_reduce, job, folder, list(maps), part) for part in parts}, workers)
    return [folder / part for part in parts]


def _map(job: Job, split: Split, folder: Path, parts: list[str], memory: int) -> None:
    """A map task: one file for each reducer, sorted by key."""
    shutil.rmtree(folder, ignore_errors=True)  # what a dead attempt has left
    (folder / "spill").mkdir(parents=True)
    records = chain.from_iterable(map(job.map, lines(split)))
    ordered = external_sort(records, folder / "spill", memory, job.combine)
    combined = reduced(ordered, job.combine) if job.combine else ordered
    write_shares([folder / part for part in parts], combined)
    shutil.rmtree(folder / "spill")


def _reduce(job: Job, folder: Path, maps: list[str], part: str) -> None:
    """A reduce task: merge its files of all map tasks, and reduce one key after the other."""
    ordered = merge(folder / name / part for name in maps)
    write_run(folder / part, reduced(ordered, job.reduce))
