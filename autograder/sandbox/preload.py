"""What the zygote imports ahead of need, by what a lab needs."""

from collections.abc import Mapping

KERNEL = (
    "autograder.kernel_app", "autograder.service", "autograder.wire_data", "ipykernel.kernelapp",
    "ipykernel.debugger", "ipykernel.heartbeat", "ipykernel.ipkernel",
)  # fmt: skip
ENGINES = {
    "dask": (
        "dask.array", "dask.bag", "dask.dataframe", "distributed", "distributed.dashboard",
        "distributed.deploy.local", "distributed.diagnostics.websocket", "distributed.http.health",
        "distributed.http.proxy", "distributed.http.scheduler.info",
        "distributed.http.scheduler.json", "distributed.http.scheduler.prometheus",
        "distributed.http.statics", "distributed.http.worker.prometheus", "email.policy", "infra",
        "infra.facts", "prometheus_client", "pyarrow.parquet", "wsgiref.simple_server",
    ),
}  # fmt: skip


def modules(needs: Mapping[str, object]) -> tuple[str, ...]:
    """The modules to import ahead for a lab with these `needs` (of its header)."""
    more = [module for engine in sorted(needs) for module in ENGINES.get(engine, ())]
    return (*KERNEL, *more)
