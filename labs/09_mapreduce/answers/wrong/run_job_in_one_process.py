"""Correct, in the notebook's own process.

caught_by: test_run_job_counts_words
hint: use `run_tasks`
"""

import shutil
from itertools import chain


def run_job(job, splits, folder, reducers=2, workers=2, memory=250_000):
    folder.mkdir(parents=True, exist_ok=True)

    def map_task(number):
        here = folder / f"m{number}"
        shutil.rmtree(here, ignore_errors=True)
        (here / "runs").mkdir(parents=True)
        records = chain.from_iterable(map(job.map, lines(splits[number])))
        records = external_sort(records, here / "runs", memory, job.combine)
        if job.combine:
            records = reduced(records, job.combine)
        write_shares([here / str(reducer) for reducer in range(reducers)], records)

    def reduce_task(reducer):
        files = [folder / f"m{number}" / str(reducer) for number in range(len(splits))]
        write_run(folder / f"out{reducer}", reduced(merge(files), job.reduce))

    for number in range(len(splits)):
        map_task(number)
    for reducer in range(reducers):
        reduce_task(reducer)
    return [folder / f"out{reducer}" for reducer in range(reducers)]
