"""Arrays of a known size, and the workers between which they move."""

import numpy as np
from distributed import Client

MEGA = 1_000_000


def workers(client: Client) -> list[str]:
    return sorted(client.scheduler_info(n_workers=-1)["workers"])


def array(megabytes: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, megabytes * MEGA, dtype=np.uint8)
