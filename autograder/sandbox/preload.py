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
    "dvc": (
        "celery.canvas", "configobj", "dulwich.ignore", "dulwich.porcelain", "dulwich.worktree",
        "dvc.analytics", "dvc.cachemgr", "dvc.cli.parser", "dvc.data_cloud", "dvc.logger",
        "dvc.repo.artifacts", "dvc.repo.brancher", "dvc.repo.datasets",
        "dvc.repo.experiments.executor.local", "dvc.repo.experiments.queue.celery",
        "dvc.repo.experiments.queue.tasks", "dvc.repo.experiments.queue.workspace",
        "dvc.repo.experiments.run", "dvc.repo.graph", "dvc.repo.index", "dvc.repo.init",
        "dvc.repo.install", "dvc.repo.open_repo", "dvc.repo.plots", "dvc.repo.stage",
        "dvc.repo.trie", "dvc.repo.worktree", "dvc.stage.cache", "dvc.stage.run", "dvc.utils.hydra",
        "dvc.utils.strictyaml", "dvc_data.fs", "dvc_data.hashfile.db.index",
        "dvc_data.hashfile.db.local", "dvc_data.hashfile.status", "dvc_data.index.checkout",
        "dvc_data.index.collect", "dvc_data.index.fetch", "dvc_data.index.push", "dvc_render",
        "dvc_task.worker", "flatten_dict", "flufl.lock", "fsspec.implementations.memory",
        "hydra._internal.config_loader_impl", "hydra.core.plugins", "networkx", "omegaconf",
        "platformdirs.unix", "pygit2", "pyparsing", "ruamel.yaml",
        "scmrepo.git.backend.pygit2.filter", "yaml", "zc.lockfile",
    ),
    "numpy": ("numpy",),
    "pandas": ("pandas",),
}  # fmt: skip
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
