"""All map tasks write the same files, and the last one wins.

caught_by: test_run_job_counts_words
hint: over all map tasks
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
        if job.combine:
            records = reduced(records, job.combine)
        write_shares([folder / str(reducer) for reducer in range(reducers)], records)

    def reduce_task(reducer):
        files = [folder / str(reducer)] if len(splits) else []
        write_run(folder / f"out{reducer}", reduced(merge(files), job.reduce))

    run_tasks({f"map {n}": partial(map_task, n) for n in range(len(splits))}, workers)
    run_tasks({f"reduce {n}": partial(reduce_task, n) for n in range(reducers)}, workers)
    return [folder / f"out{reducer}" for reducer in range(reducers)]
