"""A store as the one sees it who started it: where it is, what it did, what shall go wrong."""

import json
import os
import socket
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from infra.store.faults import Faults
from infra.store.ledger import Operation, StoreFacts, summary
from infra.store.limits import BACKLOG, Limits

LOOPBACK = "127.0.0.1"
DOOR = "OUTGROW_STORE"  # the variable that holds the path of a store's door
GRACE = 10.0  # seconds to end


class Store:
    """A store in a process of its own, on the loopback interface. It ends when it is closed, or
    when this process does.

    folder: where the buckets lie; without one they are in memory, and gone with the store.
    listener: a socket that listens already, for a store that others than this process reach; by
        default it is one of this machine's, on a port that was free.
    door: the path of a socket to be made, at which other processes of this user can have the
        store's log and set its faults, as this one can (see `behind`).
    limits: what it bears.

    Raises RuntimeError if the store does not start.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | None = None,
        listener: socket.socket | None = None,
        door: str | os.PathLike[str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        listener = listener or socket.create_server((LOOPBACK, 0), backlog=BACKLOG)
        self._line, theirs = socket.socketpair()
        self._talk = threading.Lock()
        with listener, theirs:
            host, port = listener.getsockname()[:2]
            where = str(Path(folder).resolve()) if folder is not None else ""
            fds = (listener.fileno(), theirs.fileno())
            told = (where, str(door or ""), json.dumps(asdict(limits or Limits())))
            command = [sys.executable, "-P", "-m", "infra.store.process", *map(str, fds), *told]
            self._process = subprocess.Popen(command, pass_fds=fds, stdin=subprocess.DEVNULL)
        self.address = f"http://{host}:{port}"
        self.door = str(door or "")
        self.pid = self._process.pid
        self._heard = self._line.makefile("rb")
        self._ask("mark")

    @classmethod
    def behind(cls, door: str, address: str) -> "Store":
        """The store at an address, whose door is here. To close it ends the talk, not the store.

        Raises ConnectionError if nobody is behind the door.
        """
        found = object.__new__(cls)
        found._line, found._talk = socket.socket(socket.AF_UNIX), threading.Lock()
        try:
            found._line.connect(door)
        except OSError as error:
            found._line.close()
            raise ConnectionError(
                f"{DOOR}={door}: no object store answers there ({error}). Start the lab again, "
                f"or unset {DOOR} and STORAGE_EMULATOR_HOST for a private store."
            ) from None
        found.address, found.door, found._process = address, door, None
        found._heard = found._line.makefile("rb")
        return found

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead clients here, and `infra.connect_bucket()` to the door."""
        return leading_to(self.address) | ({DOOR: self.door} if self.door else {})

    def create(self, bucket: str) -> None:
        """Make a bucket, unless it is there. Raises ValueError for a name that GCS would refuse."""
        self._ask("create", bucket=bucket)

    def put(self, bucket: str, name: str, data: bytes) -> None:
        """Lay an object into a bucket, past HTTP, the faults and the log."""
        self._ask("put", bucket=bucket, name=name, data=b64encode(data).decode())

    def get(self, bucket: str, name: str) -> bytes | None:
        """An object's bytes, as quietly; None where there is none."""
        data = self._ask("get", bucket=bucket, name=name)
        return None if data is None else b64decode(data)

    def names(self, bucket: str) -> list[str]:
        """The names of a bucket's objects in order, as quietly."""
        return self._ask("names", bucket=bucket)

    def inject(self, faults: Faults) -> None:
        """From now on, requests meet these faults. ``inject(Faults())`` ends them."""
        self._ask("inject", **asdict(faults))

    def log(self, since: int = 0) -> list[Operation]:
        """The log from a line on; requests that have come are waited for, five seconds at most."""
        lines = self._ask("log", since=since)
        return [Operation(**{**line, "objects": tuple(line["objects"])}) for line in lines]

    @contextmanager
    def watch(self) -> Iterator[StoreFacts]:
        """Measure what the block asks of the store; the facts can be read once it is left."""
        facts = object.__new__(StoreFacts)
        since = self._ask("mark")
        yield facts
        vars(facts).update(vars(summary(self.log(since))))

    def close(self) -> None:
        """End the store."""
        self._heard.close()
        self._line.close()
        if self._process is None:
            return
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, do: str, **told: Any) -> Any:
        answer = None
        with self._talk, suppress(OSError, ValueError):
            self._line.sendall(json.dumps({"do": do, **told}).encode() + b"\n")
            answer = json.loads(self._heard.readline())
        if answer is None:
            raise RuntimeError(
                "The object store's process has ended; its last words are above. Start another."
            )
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["value"]


def leading_to(address: str) -> dict[str, str]:
    """The variables that lead gcsfs, google-cloud-storage and Arrow to a store, and keep them from
    looking for Google's services or anybody's credentials."""
    return {
        "STORAGE_EMULATOR_HOST": address,
        "FSSPEC_GCS_TOKEN": "anon",
        "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",  # else it asks Google what the bucket is
        "NO_GCE_CHECK": "true",
        "CLOUD_STORAGE_EMULATOR_ENDPOINT": address,  # Arrow's, and through it pandas'
        "GCE_METADATA_ROOT": address.removeprefix("http://"),  # where Arrow wants a token from
    }
