"""Make trips, and beside it the same columns as one would draw and write them by hand.

The peer draws with numpy's Generator, builds a pandas frame and calls to_parquet, a part a core as
we do. It keeps no hashes, and its content changes with the version of numpy. The ratio is the
peer's time over ours on the same rows; a gigabyte of Parquet must also be there within a minute.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from infra import make
from infra.trips import PAYMENTS, ZONES

TARGET = 2.0
MINUTE = 60.0  # seconds for GIGABYTE
GIGABYTE = 10**9
ROWS, PARTS, PASSES = 4_000_000, 4, 3

HOURS = np.tile([2, 1, 2, 9, 18, 10, 11, 11, 15, 20, 12, 8], 7).repeat(2)
POPULARITY = 1 / np.arange(2, len(ZONES) + 2)


def ours(folder: Path) -> None:
    """The trips of infra."""
    make("trips", folder, rows=ROWS, partitions=PARTS)


def by_hand(folder: Path) -> None:
    """The peer: a frame a part, on all cores."""
    folder.mkdir()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda index: write_frame(folder, index), range(PARTS)))


def write_frame(folder: Path, index: int) -> None:
    rows = ROWS // PARTS
    frame = draw_frame(np.random.default_rng([7, index]), rows, index)
    frame.to_parquet(folder / f"part-{index:05}.parquet", index=False, row_group_size=rows // 8)


def draw_frame(rng: np.random.Generator, rows: int, index: int) -> pd.DataFrame:
    """Trips much like ours, from floating point distributions."""
    hours = rng.choice(len(HOURS), rows, p=HOURS / HOURS.sum())
    seconds = np.sort(hours * 3600 + rng.integers(0, 3600, rows))
    metres = rng.lognormal(8, 0.8, rows).astype(np.int32)
    fare = 250 + metres * 18 // 100 + rng.integers(0, 200, rows)
    payment = rng.choice(len(PAYMENTS), rows, p=[0.46, 0.18, 0.33, 0.03])
    tip = rng.choice([0, 5, 10, 15, 20, 25], rows, p=[0.3, 0.1, 0.3, 0.15, 0.12, 0.03])
    zone = rng.choice(len(ZONES), rows, p=POPULARITY / POPULARITY.sum())
    return pd.DataFrame(
        {
            "trip_id": np.arange(index * rows, (index + 1) * rows),
            "pickup": pd.Timestamp("2026-01-01") + pd.to_timedelta(seconds, unit="s"),
            "zone": np.array(ZONES)[zone],
            "distance_m": metres,
            "passengers": rng.integers(1, 7, rows).astype(np.int8),
            "payment": np.array(PAYMENTS)[payment],
            "fare_cents": fare.astype(np.int64),
            "tip_cents": np.where(payment % 2 == 0, fare * tip // 100, 0).astype(np.int64),
        }
    )


def clock(work: Callable[[Path], None], folder: Path) -> tuple[float, int]:
    """Seconds of the work, and the bytes it wrote."""
    begun = time.perf_counter()
    work(folder)
    seconds = time.perf_counter() - begun
    return seconds, sum(path.stat().st_size for path in folder.glob("part-*"))


def gigabyte(folder: Path) -> None:
    """Trips that are at least a gigabyte of Parquet."""
    make("trips", folder, rows=60_000_000, partitions=60)


def main() -> int:
    """Print the table and the verdict; return the exit status."""
    names = ("numpy", "pandas", "pyarrow")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},",
          ", ".join(f"{name} {version(name)}" for name in names))  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        runs = {work: [] for work in (by_hand, ours)}
        for turn in range(PASSES):
            for work, times in runs.items():
                times.append(clock(work, Path(name, f"{work.__name__}-{turn}")))
        full, size = clock(gigabyte, Path(name, "gigabyte"))
    print(f"{'':10}{'rows':>12}{'median s':>10}{'from':>8}{'to':>8}{'MB':>8}{'ns a row':>10}")
    for work, times in runs.items():
        seconds = sorted(each for each, _ in times)
        show(work.__name__, ROWS, median(seconds), seconds[0], seconds[-1], times[0][1])
    show("gigabyte", 60_000_000, full, full, full, size)
    ratio = median(s for s, _ in runs[by_hand]) / median(s for s, _ in runs[ours])
    print(f"datasets: ratio {ratio:.2f} (target {TARGET:.2f})")
    return int(ratio < TARGET or size < GIGABYTE or full > MINUTE)


def show(name: str, rows: int, middle: float, least: float, most: float, size: int) -> None:
    print(f"{name:10}{rows:12,}{middle:10.2f}{least:8.2f}{most:8.2f}{size / 1e6:8.0f}"
          f"{middle / rows * 1e9:10.0f}")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
