"""What a student's function plans, and what comes of it in the student's process."""

from autograder.testing import hint

LAZY = "Return a plan, not what comes out of it: the function itself does not compute."


def ask(student, task, pieces, *args, hold=False):
    """The partitions of what the student's function plans; of each plan, if there are several."""
    found = student.run(through, student.ref(task), pieces, args, hold)
    assert not found["refused"], hint(f"Dask refuses, and says why: {found['refused']}")
    assert found["lazy"], hint(LAZY)
    return found["parts"] if len(found["parts"]) > 1 else found["parts"][0]


def through(function, pieces, args, hold):
    """Probe: give the pieces to the function as one Dask DataFrame; compute each plan it returns.

    Hold: run a plan before it is asked for its partitions. Up to Python 3.11, Dask hangs in that
    question if it repartitions by size.
    """
    import dask.dataframe as dd
    from dask.base import compute

    try:
        frame = dd.concat([dd.from_pandas(piece, npartitions=1, sort=False) for piece in pieces])
        plans = function(frame, *args)
    except NotImplementedError as error:
        if not error.args:
            raise
        return {"refused": str(error)}
    plans = plans if isinstance(plans, tuple) else (plans,)
    if not all(isinstance(plan, dd.DataFrame) for plan in plans):
        return {"refused": "", "lazy": False}
    held = [plan.persist() if hold else plan for plan in plans]
    parts = [compute(*each.partitions) for each in held]
    named = [[part.rename(columns=str) for part in each] for each in parts]
    return {"refused": "", "lazy": True, "parts": named}


def only_planned(function, pieces, *args):
    """Probe: give the pieces to the function as one Dask DataFrame, and compute nothing."""
    import dask.dataframe as dd

    frame = dd.concat([dd.from_pandas(piece, npartitions=1, sort=False) for piece in pieces])
    plans = function(frame, *args)
    plans = plans if isinstance(plans, tuple) else (plans,)
    return all(isinstance(plan, dd.DataFrame) for plan in plans)


def what_it_loads(revenue, rows, partitions, seed, start, end):
    """Probe: run the plan on one thread, and look at what comes out of tasks without inputs."""
    from pathlib import Path

    from dask import local
    from dask._task_spec import convert_legacy_graph
    from dask.callbacks import Callback

    import infra

    infra.make("trips", f"data/check-{seed}", rows=rows, partitions=partitions, seed=seed)
    total = revenue(str(Path(f"data/check-{seed}").resolve()), start, end)
    if not hasattr(total, "optimize"):
        return None
    plan = total.optimize(fuse=False)
    graph = convert_legacy_graph(dict(plan.__dask_graph__()))
    loaded = []

    def note(key, result, *_):
        if not graph[key].dependencies and hasattr(result, "shape"):
            loaded.append(result)

    with Callback(posttask=note):
        value = local.get_sync(graph, plan.__dask_keys__()[0])
    names = {name for part in loaded for name in (part if part.ndim > 1 else [part.name])}
    return {"value": int(str(value)), "columns": names, "rows": sum(map(len, loaded))}


def joined(join_on_index, refunds, rows, partitions, seed, pieces, until, divisions):
    """Probe: join trips and refunds in different files: only "planned", "run" there, or "fetched".

    Divisions: whether the plan is asked for them, too.
    """
    from pathlib import Path

    import dask.dataframe as dd
    from distributed import wait

    import infra

    here = Path(f"data/check-{seed}").resolve()
    infra.make("trips", str(here), rows=rows, partitions=partitions, seed=seed)
    other = here.with_name(f"refunds-{seed}")
    other.mkdir(exist_ok=True)
    size = -(-len(refunds) // pieces)
    for piece in range(pieces):
        part = refunds.iloc[piece * size : (piece + 1) * size]
        part.to_parquet(other / f"part-{piece:05}.parquet", index=False)
    result = join_on_index(str(here), str(other))
    if not isinstance(result, dd.DataFrame):
        return None
    if until == "run":
        wait(result.persist())
    frame = result.compute() if until == "fetched" else None
    edges = result.divisions if divisions else ()
    return {"frame": frame, "divisions": [str(edge) for edge in edges]}
