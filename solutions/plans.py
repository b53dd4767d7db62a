"""What a plan loads: run it on one thread, and look at the tasks that need no other task.

Those are the ones that read. Whatever way the plan was written, what they return is what came off
the disk into memory, so two plans with the same answer can be compared by what they cost.
"""

from dataclasses import dataclass
from typing import Any

from dask import local
from dask._task_spec import convert_legacy_graph
from dask.callbacks import Callback


@dataclass(frozen=True)
class Loaded:
    """Rows and bytes in memory, and the columns, that the reading tasks of a plan returned."""

    rows: int
    bytes: int
    columns: list[str]


def loaded(plan: Any) -> Loaded:
    """What the reading tasks of a lazy Dask scalar, series or frame bring into memory.

    The plan is optimised as Dask does before it computes, but its tasks are not fused, so that what
    was read can be told from what was made of it.

    >>> loaded(dd.read_parquet("/data/trips")["fare_cents"].sum())
    Loaded(rows=100000, bytes=800000, columns=['fare_cents'])
    """
    optimised = plan.optimize(fuse=False)
    graph = convert_legacy_graph(dict(optimised.__dask_graph__()))
    reads: list[Any] = []

    def note(key: Any, result: Any, *_: Any) -> None:
        if not graph[key].dependencies and hasattr(result, "memory_usage"):
            reads.append(result.to_frame() if result.ndim == 1 else result)

    with Callback(posttask=note):
        local.get_sync(graph, optimised.__dask_keys__())
    columns = dict.fromkeys(name for part in reads for name in part.columns)
    size = sum(int(part.memory_usage(index=False).sum()) for part in reads)
    return Loaded(sum(map(len, reads)), size, list(columns))
