"""Each test begins with Dask's own choice of scheduler."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _own_scheduler() -> Iterator[None]:
    """Clients that are closed in another order than they were opened leave `scheduler` set."""
    yield
    if "distributed" not in sys.modules:
        return
    from dask import config
    from distributed.client import _get_global_client

    if _get_global_client() is None:
        config.config.pop("scheduler", None)
