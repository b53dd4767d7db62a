"""The same work on our object store, on moto's S3 server and in a local folder.

    python tests/benchmarks/store.py [--passes 3]

Each server runs in a process of its own on this machine, and is spoken to by fsspec's client
(gcsfs, s3fs). moto keeps all in memory, so ours is measured there too; beside it, as `disk`, with
every object brought to the disk before it is acknowledged. A folder has no protocol at all: it is
the floor. Each kind of work runs on all in turn, each pass
beginning with another, and what comes back is compared with what was
written. The ratio is moto's time over ours where that is least, and our scan may take twice the
time of the folder's at most.
"""

import argparse
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median
from typing import Any

import fsspec
import gcsfs
import pyarrow as pa
import pyarrow.parquet as pq

from infra import bucket, partition

TARGET, SCAN = 1.0, 2.0
NAME = "outgrow"
LARGE, MEDIUM, SMALL, MANY, THREADS = 50 * 10**6, 5 * 10**6, 1000, 1000, 8
ROWS = 2_000_000  # of trips, in THREADS files


@dataclass(frozen=True)
class Place:
    """A file system and a folder on it."""

    fs: Any
    root: str


@contextmanager
def ours() -> Iterator[Place]:
    """The object store of infra, its data in memory."""
    with bucket() as made:
        yield Place(gcsfs.GCSFileSystem(endpoint_url=made.ours.address), NAME)


@contextmanager
def disk() -> Iterator[Place]:
    """The same, its data on the disk."""
    with tempfile.TemporaryDirectory() as folder, bucket(folder=folder) as made:
        yield Place(gcsfs.GCSFileSystem(endpoint_url=made.ours.address), NAME)


@contextmanager
def moto() -> Iterator[Place]:
    """moto_server, its data in memory."""
    port = socket.create_server(("127.0.0.1", 0)).getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        try:
            _await_port(port)
            keys = {"key": "k", "secret": "s", "endpoint_url": f"http://127.0.0.1:{port}"}
            fs = fsspec.filesystem("s3", **keys)
            fs.mkdir(NAME)
            yield Place(fs, NAME)
        finally:
            server.kill()


def _await_port(port: int) -> None:
    for _ in range(1200):
        with socket.socket() as ear:
            if ear.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("moto_server does not answer. Install it: pip install 'outgrow[s3]'")


@contextmanager
def folder() -> Iterator[Place]:
    """A local folder."""
    with tempfile.TemporaryDirectory() as name:
        yield Place(fsspec.filesystem("file"), name)


PLACES = (ours, disk, moto, folder)
DATA = os.urandom(LARGE)
TRIPS = [partition("trips", i, rows=ROWS, partitions=THREADS) for i in range(THREADS)]


def up(place: Place) -> None:
    """Write one large object."""
    place.fs.pipe_file(f"{place.root}/large", DATA)


def down(place: Place) -> None:
    """Read it."""
    assert place.fs.cat_file(f"{place.root}/large") == DATA


def writes(place: Place) -> None:
    """Write a thousand small objects, as many at a time as the client does."""
    place.fs.pipe({f"{place.root}/small-{i}": DATA[i : i + SMALL] for i in range(MANY)})


def ranges(place: Place) -> None:
    """Read a thousand short ranges of one object."""
    starts = [i * (MEDIUM // MANY) for i in range(MANY)]
    paths, ends = [f"{place.root}/medium"] * MANY, [start + SMALL for start in starts]
    found = place.fs.cat_ranges(paths, starts, ends)
    assert found == [DATA[a:b] for a, b in zip(starts, ends, strict=True)]


def parquet(place: Place) -> None:
    """Write a Parquet file a thread."""
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda i: _write(place, i), range(THREADS)))


def _write(place: Place, index: int) -> None:
    path, whole = f"{place.root}/part-{index}.parquet", 50 * 2**20  # in one request
    with place.fs.open(path, "wb", block_size=whole) as file:
        pq.write_table(TRIPS[index], file, row_group_size=50_000)


def scan(place: Place) -> None:
    """Read them, a file a thread."""
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(lambda i: _read(place, i), range(THREADS))) == TRIPS


def _read(place: Place, index: int) -> pa.Table:
    with place.fs.open(f"{place.root}/part-{index}.parquet", "rb") as file:
        return pq.read_table(file, schema=TRIPS[index].schema)


WORK = (up, down, writes, ranges, parquet, scan)
Times = dict[str, dict[str, list[float]]]


def clock(work: Callable[[Place], None], place: Place) -> float:
    """Seconds of the work, which begins with no listing in the client's memory."""
    place.fs.invalidate_cache()
    begun = time.perf_counter()
    work(place)
    return time.perf_counter() - begun


def main() -> int:
    """Print the table and the verdict; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passes", type=int, default=3, help="how often each work is done")
    asked = parser.parse_args()
    times: Times = {work.__name__: {place.__name__: [] for place in PLACES} for work in WORK}
    with ExitStack() as stack:
        places = {place.__name__: stack.enter_context(place()) for place in PLACES}
        for place in places.values():
            place.fs.pipe_file(f"{place.root}/medium", DATA[:MEDIUM])
        for work in WORK:  # unmeasured: libraries load and memory is had
            clock(work, places["folder"])
        for turn in range(asked.passes):
            for work in WORK:
                for name in _turned(list(places), turn):
                    times[work.__name__][name].append(clock(work, places[name]))
    return report(times)


def _turned(names: list[str], turn: int) -> list[str]:
    """Each pass begins with another place."""
    at = turn % len(names)
    return names[at:] + names[:at]


def report(times: Times) -> int:
    names = ("gcsfs", "s3fs", "moto", "aiohttp", "pyarrow")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},")
    print(versions)
    print(f"{'median s':10}" + "".join(f"{place.__name__:>10}" for place in PLACES)
          + f"{'moto/ours':>11}{'ours/folder':>13}")  # fmt: skip
    ahead = []
    for work, row in times.items():
        middle = {place: median(each) for place, each in row.items()}
        ahead.append(middle["moto"] / middle["ours"])
        print(f"{work:10}" + "".join(f"{seconds:10.3f}" for seconds in middle.values())
              + f"{ahead[-1]:11.2f}{middle['ours'] / middle['folder']:13.2f}")  # fmt: skip
    behind = median(times["scan"]["ours"]) / median(times["scan"]["folder"])
    print(f"scan: {behind:.2f} times the folder's (target {SCAN:.2f} at most)")
    print(f"store: ratio {min(ahead):.2f} (target {TARGET:.2f})")
    return int(min(ahead) < TARGET or behind > SCAN)


if __name__ == "__main__":
    sys.exit(main())
