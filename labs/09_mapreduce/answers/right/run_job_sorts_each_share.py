"""Divides the records first, and sorts each reducer's share by itself."""

from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory


def run_job(job, splits, folder, reducers=2, workers=2, memory=250_000):
    Path(folder).mkdir(parents=True, exist_ok=True)

    def map_task(number, split):
        with TemporaryDirectory(dir=folder) as here:
            spread = [Path(here, f"all{reducer}") for reducer in range(reducers)]
            write_shares(spread, chain.from_iterable(map(job.map, lines(split))))
            for reducer, path in enumerate(spread):
                runs = Path(here, f"runs{reducer}")
                runs.mkdir()
                records = external_sort(read_run(path), runs, memory, job.combine)
                if job.combine:
                    records = reduced(records, job.combine)
                write_run(Path(here, "done"), records)
                Path(here, "done").replace(folder / f"map{number}.{reducer}")

    def reduce_task(reducer):
        files = [folder / f"map{number}.{reducer}" for number in range(len(splits))]
        write_run(folder / f"output{reducer}", reduced(merge(files), job.reduce))

    run_tasks({f"m{n}": partial(map_task, n, s) for n, s in enumerate(splits)}, workers)
    run_tasks({f"r{n}": partial(reduce_task, n) for n in range(reducers)}, workers)
    return [folder / f"output{reducer}" for reducer in range(reducers)]
