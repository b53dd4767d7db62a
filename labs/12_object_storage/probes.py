"""Probes: they run in the notebook's process, beside the function that they ask."""


def uploaded(upload, data, url, times=1):
    """Probe: write the data to a file and upload it, perhaps several times; the last answer."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, "measured \N{DEGREE SIGN} values.bin")
        path.write_bytes(data)
        return [upload(str(path), url) for _ in range(times)][-1]


def moved(move, old, new):
    """Probe: how many objects were moved, or -1 if the store refused."""
    try:
        return move(old, new)
    except NotImplementedError:
        raise
    except Exception:
        return -1


def published(publish, url, parts, wait=0.001):
    """Probe: what `publish` returns, or None where it gives up or finds other parts."""
    try:
        return publish(url, parts, wait)
    except (ConnectionError, FileExistsError):
        return None


def planned(dask_read, url, weeks, columns):
    """Probe: whether a plan is made, in how many partitions, and what these hold."""
    import dask.dataframe as dd
    import fsspec
    from dask.base import compute

    fsspec.filesystem("gs").invalidate_cache()
    plan = dask_read(url, weeks, columns)
    if not isinstance(plan, dd.DataFrame):
        return None
    return [part.reset_index(drop=True) for part in compute(*plan.partitions)]


def only_planned(dask_read, url, weeks, columns):
    """Probe: make a plan, and nothing else."""
    import fsspec

    fsspec.filesystem("gs").invalidate_cache()
    dask_read(url, weeks, columns)
