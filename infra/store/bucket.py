"""A bucket to work with: on a store of its own, or wherever the environment says.

``bucket()`` starts a store, makes a bucket in it, and points this process at it, until its block is
left: ``gs://`` then means that store, for gcsfs, for pandas and Dask on top of it, for
google-cloud-storage and DVC, and for every process that is started meanwhile. ``connect_bucket()``
is for notebooks, which have no block to leave.

A notebook that uses no other name than the bucket's URL runs unchanged on the real thing:

| OUTGROW_BUCKET | it runs on |
|---|---|
| not set | a store of ours, with its log and its faults |
| gs://mine, and no STORAGE_EMULATOR_HOST | Google Cloud Storage, with this machine's credentials |
| s3://mine | S3, or at AWS_ENDPOINT_URL what speaks its protocol, such as ``moto_server`` |
"""

import atexit
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from importlib import reload
from typing import Any

from infra.store.faults import Faults
from infra.store.handle import DOOR, Store
from infra.store.ledger import UNKNOWN, Operation, StoreFacts

NAME = "outgrow"


@dataclass(frozen=True)
class Bucket:
    """A bucket: its URL, such as gs://outgrow, and, if it is ours, the store behind it."""

    url: str
    store: Store | None = field(default=None, repr=False, compare=False)

    @property
    def ours(self) -> Store:
        """The store. Raises LookupError for a bucket of somebody else's."""
        if self.store is None:
            raise LookupError(
                f"{self.url} is not on a store of this process, so it has no log to read and no "
                "faults to set. Use `bucket()`, or unset OUTGROW_BUCKET and STORAGE_EMULATOR_HOST."
            )
        return self.store

    def watch(self) -> AbstractContextManager[StoreFacts]:
        """Measure what a block asks of the store; the facts can be read once it is left. Of a
        bucket of somebody else's nothing can be known: its numbers are NaN, its lists empty."""
        return self.store.watch() if self.store else nullcontext(UNKNOWN)

    def log(self, since: int = 0) -> list[Operation]:
        """The store's log, from a line on."""
        return self.ours.log(since)

    def inject(self, faults: Faults) -> None:
        """From now on, requests meet these faults. ``inject(Faults())`` ends them. A bucket of
        somebody else's has none but its own: it is left alone, with a warning."""
        if self.store:
            self.store.inject(faults)
        elif faults != Faults():
            warnings.warn(f"{self.url} is not ours: no faults are made there.", stacklevel=2)

    def put(self, name: str, data: bytes) -> str:
        """Lay an object into the bucket, past HTTP, the faults and the log; its URL."""
        self.ours.put(self._name, name, data)
        return f"{self.url}/{name}"

    def get(self, name: str) -> bytes | None:
        """An object's bytes, as quietly; None where there is none."""
        return self.ours.get(self._name, name)

    def names(self) -> list[str]:
        """The names of its objects in order, as quietly."""
        return self.ours.names(self._name)

    @property
    def _name(self) -> str:
        return self.url.partition("://")[2]

    def options(self) -> dict[str, Any]:
        """``storage_options`` for processes that do not share this one's environment."""
        return {"endpoint_url": self.ours.address, "token": "anon"} if self.store else {}


@contextmanager
def bucket(
    name: str = NAME,
    *,
    folder: str | os.PathLike[str] | None = None,
    faults: Faults | None = None,
    door: str | os.PathLike[str] | None = None,
) -> Iterator[Bucket]:
    """Start a store with a bucket; when the block is left, end it.

    folder: where its objects lie; without one they are in memory, and gone with the store.
    faults: what goes wrong from the beginning; ``inject`` changes it.
    door: the path of a socket to be made, by which ``connect_bucket()`` in a process that is
        started meanwhile finds the store with its log and its faults.

    Raises ValueError for a name that GCS would refuse, RuntimeError if the store does not start.

    >>> with bucket() as lab, lab.watch() as facts:            # doctest: +SKIP
    ...     fsspec.open(f"{lab.url}/greeting", "wb") …
    """
    store = Store(folder, door=door)
    try:
        store.create(name)
        store.inject(faults or Faults())
        with _pointed_at(store):
            yield Bucket(f"gs://{name}", store)
    finally:
        store.close()


@contextmanager
def _pointed_at(store: Store) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in store.environment}
    os.environ.update(store.environment)
    _forget_clients()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        _forget_clients()


def _forget_clients() -> None:
    """What was imported already does not look at the variables again: fsspec keeps its settings,
    and gcsfs its class and its file systems, with listings of the store that was there before."""
    if fsspec := sys.modules.get("fsspec"):
        fsspec.config.conf.pop("gcs", None)
        fsspec.config.set_conf_env(fsspec.config.conf)
    if gcsfs := sys.modules.get("gcsfs"):
        gcsfs.GCSFileSystem.clear_instance_cache()
        reload(gcsfs)


_private: tuple[Bucket, ExitStack] | None = None


def connect_bucket() -> Bucket:
    """The bucket that is there, or else one on a private store.

    In this order: the private one that runs (so a cell may run twice); the bucket that
    OUTGROW_BUCKET names; the bucket "outgrow" at STORAGE_EMULATOR_HOST, with its log and faults if
    OUTGROW_STORE names its store's door; a private store, which ends with the process.

    Raises ValueError if OUTGROW_BUCKET is no URL, ConnectionError if nobody is behind the door.
    """
    global _private
    if _private:
        return _private[0]
    if url := os.environ.get("OUTGROW_BUCKET"):
        if "://" not in url:
            raise ValueError(f"OUTGROW_BUCKET={url}: give a URL, such as gs://{NAME}, or unset it.")
        return Bucket(url.rstrip("/"))
    if address := os.environ.get("STORAGE_EMULATOR_HOST"):
        _forget_clients()
        door = os.environ.get(DOOR)
        return Bucket(f"gs://{NAME}", _behind(door, address) if door else None)
    ending = ExitStack()
    _private = ending.enter_context(bucket()), ending
    atexit.register(_stop)
    return _private[0]


@cache
def _behind(door: str, address: str) -> Store:
    store = Store.behind(door, address)
    atexit.register(store.close)
    return store


def _stop() -> None:
    global _private
    ended, _private = _private, None
    if ended:
        ended[1].close()
