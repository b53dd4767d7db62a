"""Combines each run, and never the runs with each other.

caught_by: test_run_job_shuffles_at_most_a_record_a_key_and_map
hint: have yet to be combined with each other
"""

import shutil
from functools import partial
from itertools import chain


def run_job(job, splits, folder, reducers=2, workers=2, memory=250_000):
    folder.mkdir(parents=True, exist_ok=True)

    def map_task(number):
        here = folder / f"m{number}"
        shutil.rmtree(here, ignore_errors=True)
        (here / "runs").mkdir(parents=True)
        records = chain.from_iterable(map(job.map, lines(splits[number])))
        records = external_sort(records, here / "runs", memory, job.combine)
        write_shares([here / str(reducer) for reducer in range(reducers)], records)

    def reduce_task(reducer):
        files = [folder / f"m{number}" / str(reducer) for number in range(len(splits))]
        write_run(folder / f"out{reducer}", reduced(merge(files), job.reduce))

    run_tasks({f"map {n}": partial(map_task, n) for n in range(len(splits))}, workers)
    run_tasks({f"reduce {n}": partial(reduce_task, n) for n in range(reducers)}, workers)
    return [folder / f"out{reducer}" for reducer in range(reducers)]
