"""Map tasks add their records to one file a reducer: a dead attempt's records stay.

caught_by: test_run_job_survives_a_killed_mapper
hint: a dead attempt has left
"""

import pickle
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory


def run_job(job, splits, folder, reducers=2, workers=2, memory=250_000):
    folder.mkdir(parents=True, exist_ok=True)
    shares = [folder / f"share{reducer}" for reducer in range(reducers)]
    for share in shares:
        share.write_bytes(b"")

    def map_task(split):
        for line in lines(split):
            for record in combine(job.map(line), job.combine) if job.combine else job.map(line):
                with shares[partition(record[0], reducers)].open("ab") as file:
                    pickle.dump([record], file)

    def reduce_task(reducer):
        with TemporaryDirectory(dir=folder) as runs:
            ordered = external_sort(read_run(shares[reducer]), Path(runs), memory)
            write_run(folder / f"out{reducer}", reduced(ordered, job.reduce))

    run_tasks({f"m{n}": partial(map_task, split) for n, split in enumerate(splits)}, workers)
    run_tasks({f"r{n}": partial(reduce_task, n) for n in range(reducers)}, workers)
    return [folder / f"out{reducer}" for reducer in range(reducers)]
