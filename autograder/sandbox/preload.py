"""What the zygote imports ahead of need, by what a lab needs and what its notebook imports."""

import re
from collections.abc import Iterable, Mapping

KERNEL = (
    "autograder.kernel_app", "autograder.service", "autograder.wire_data", "ipykernel.kernelapp",
    "ipykernel.debugger", "ipykernel.heartbeat", "ipykernel.ipkernel",
)  # fmt: skip
ENGINES = {
    "bucket": ("gcsfs", "google.cloud.storage", "infra.store.bucket"),
    "dask": (
        "dask.array", "dask.bag", "dask.dataframe", "distributed", "distributed.dashboard",
        "distributed.deploy.local", "distributed.diagnostics.websocket", "distributed.http.health",
        "distributed.http.proxy", "distributed.http.scheduler.info",
        "distributed.http.scheduler.json", "distributed.http.scheduler.prometheus",
        "distributed.http.statics", "distributed.http.worker.prometheus", "email.policy", "infra",
        "infra.facts", "prometheus_client", "pyarrow.parquet", "wsgiref.simple_server",
    ),
    "spark": (
        "infra.spark.home", "infra.spark.measure", "numpy", "pandas", "pyarrow", "pyspark.sql",
        "pyspark.sql.classic.dataframe", "pyspark.sql.functions", "pyspark.sql.pandas.map_ops",
        "pyspark.testing",
    ),
}  # fmt: skip


LIBRARIES = {
    "dask": ("dask.array", "dask.bag", "dask.dataframe", "dask.delayed"),
    "numpy": ("numpy",),
    "pandas": ("pandas",),
}
IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)


def libraries(sources: Iterable[str]) -> tuple[str, ...]:
    """Those of LIBRARIES that a notebook's cells import, sorted."""
    found = {name for source in sources for name in IMPORT.findall(source)}
    return tuple(sorted(found & set(LIBRARIES)))


def modules(needs: Mapping[str, object], imported: Iterable[str] = ()) -> tuple[str, ...]:
    """The modules to import ahead for a lab with these `needs` (of its header), whose notebook
    imports these libraries."""
    more = [module for engine in sorted(needs) for module in ENGINES.get(engine, ())]
    if not more:
        more = [module for name in imported for module in LIBRARIES[name]]
    return (*KERNEL, *more)
