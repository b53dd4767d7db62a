"""The buckets and what is in them: folders of blobs, and an index of their names in memory.

Every change goes the same way: a new file is made beside, brought to the disk, and renamed over the
old one; then the index follows, then the folder is brought to the disk, and only then is the client
answered. One object is changed by one request at a time; different objects do not wait for each
other. Readers are never in the way: they have opened the old file and read it to its end.
"""

import asyncio
import errno
import hashlib
import json
import os
import sys
import time
from bisect import bisect_left, insort
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from weakref import WeakValueDictionary

from infra.store.blob import Draft, Record, pieces, prove, record_of
from infra.store.conditions import Conditions
from infra.store.names import check_bucket, check_object
from infra.store.refusal import Refusal

ANY = Conditions()


@dataclass
class Bucket:
    """A bucket: its folder, what was said of it, its objects by name, and their names in order."""

    folder: Path
    about: dict[str, Any]
    records: dict[str, Record] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def put(self, record: Record) -> None:
        if record.name not in self.records:
            insort(self.names, record.name)
        self.records[record.name] = record

    def drop(self, name: str) -> None:
        del self.records[name]
        del self.names[bisect_left(self.names, name)]

    def path(self, name: str) -> Path:
        """Any name, however long or odd, is some file's name: its hash."""
        return self.folder / hashlib.sha256(name.encode()).hexdigest()


class Shelf:
    """All buckets of a store, kept in a folder. ``left`` is how many bytes it still takes, None
    for as many as there is room for."""

    def __init__(self, folder: Path, left: int | None = None) -> None:
        self.folder, self.left = folder, left
        self._last = 0
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        folder.mkdir(parents=True, exist_ok=True)
        self.buckets = {about.parent.name: _load(about) for about in folder.glob("*/.bucket")}
        for bucket in self.buckets.values():
            for record in bucket.records.values():
                self._last = max(self._last, record.generation)

    def next_generation(self) -> int:
        """A number larger than all before: microseconds, as in GCS, if the clock goes forward."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return self._last

    def bucket(self, name: str) -> Bucket:
        if name not in self.buckets:
            raise Refusal(404, "notFound", f"There is no bucket {name!r}.")
        return self.buckets[name]

    def create_bucket(self, name: str, about: dict[str, Any]) -> Bucket:
        """A new bucket; its file ``.bucket`` makes the folder one."""
        if check_bucket(name) in self.buckets:
            raise Refusal(409, "conflict", f"There is a bucket {name!r} already.")
        bucket = Bucket(self.folder / name, about | {"metageneration": 0, "timeCreated": now()})
        bucket.folder.mkdir(exist_ok=True)
        self.describe(bucket, {})
        sync(self.folder)
        self.buckets[name] = bucket
        return bucket

    def describe(self, bucket: Bucket, changes: dict[str, Any]) -> None:
        """Change what is said of a bucket."""
        number = {"metageneration": bucket.about["metageneration"] + 1, "updated": now()}
        about = bucket.about | changes | number
        draft = bucket.folder / ".draft-bucket"
        with draft.open("w") as file:
            json.dump(about, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(bucket.folder / ".bucket")
        sync(bucket.folder)
        bucket.about = about

    def delete_bucket(self, name: str) -> None:
        bucket = self.bucket(name)
        if bucket.records:
            raise Refusal(409, "conflict", f"The bucket {name!r} is not empty. Empty it first.")
        del self.buckets[name]
        for path in bucket.folder.iterdir():
            path.unlink()
        bucket.folder.rmdir()
        sync(self.folder)

    def find(self, bucket: str, name: str) -> Record:
        found = self.bucket(bucket).records.get(name)
        if found is None:
            raise Refusal(404, "notFound", f"No such object: {bucket}/{name}")
        return found

    def open(self, record: Record) -> BinaryIO:
        """The file of an object, to read; it stays whole even if the object is replaced."""
        return self.bucket(record.bucket).path(record.name).open("rb")

    def draft(self, bucket: str) -> Draft:
        return Draft(self.bucket(bucket).folder, self._spend)

    def _spend(self, size: int) -> None:
        if self.left is not None:
            self.left -= size
            if self.left < 0:
                raise OSError(errno.ENOSPC, "it has taken all that it was meant to take")

    async def commit(
        self,
        draft: Draft,
        bucket: str,
        name: str,
        fields: dict[str, Any],
        conditions: Conditions = ANY,
        components: int | None = None,
    ) -> Record:
        """Make the object of a finished draft."""
        check_object(name)
        async with self._alone(bucket, name):
            conditions.check(self.bucket(bucket).records.get(name), f"{bucket}/{name}")
            record = Record(
                bucket, name, self.next_generation(), 1, draft.size, draft.crc32c,
                None if components else draft.md5, now(), now(), components, fields,
                tuple(draft.blocks),
            )  # fmt: skip
            return await self._place(draft, record)

    async def _place(self, draft: Draft, record: Record) -> Record:
        """The moment in which an object is there. The bucket may have gone meanwhile."""
        await asyncio.to_thread(draft.seal, record)
        bucket = self.bucket(record.bucket)
        draft.path.replace(bucket.path(record.name))
        bucket.put(record)
        await asyncio.to_thread(sync, bucket.folder)
        return record

    async def delete(self, bucket: str, name: str, conditions: Conditions = ANY) -> None:
        async with self._alone(bucket, name):
            conditions.check(self.find(bucket, name), f"{bucket}/{name}")
            home = self.bucket(bucket)
            home.path(name).unlink()
            home.drop(name)
            await asyncio.to_thread(sync, home.folder)

    async def describe_object(
        self,
        bucket: str,
        name: str,
        change: Callable[[dict[str, Any]], dict[str, Any]],
        conditions: Conditions,
    ) -> Record:
        """The same bytes with other fields: a new metageneration of the same generation."""
        async with self._alone(bucket, name):
            found = self.find(bucket, name)
            conditions.check(found, f"{bucket}/{name}")
            fields, number = change(found.fields), found.metageneration + 1
            changed = replace(found, fields=fields, metageneration=number, updated=now())
            async with self.drafting(bucket) as draft:
                await asyncio.to_thread(self.copy, found, draft)
                return await self._place(draft, changed)

    def copy(self, record: Record, draft: Draft) -> None:
        """Write an object's bytes into a draft, proven."""
        with self.open(record) as file:
            prove(file, record, 0, record.size)
            for piece in pieces(file, 0, record.size):
                draft.write(piece)

    @asynccontextmanager
    async def drafting(self, bucket: str) -> AsyncIterator[Draft]:
        """A draft that is gone afterwards, unless it has become an object."""
        draft = self.draft(bucket)
        try:
            yield draft
        finally:
            draft.discard()

    def _alone(self, bucket: str, name: str) -> asyncio.Lock:
        lock = self._locks.get((bucket, name)) or asyncio.Lock()
        return self._locks.setdefault((bucket, name), lock)


def _load(about: Path) -> Bucket:
    """A bucket as its folder tells it. What a killed process had not finished is removed."""
    bucket = Bucket(about.parent, json.loads(about.read_text()))
    for path in bucket.folder.iterdir():
        if path.name.startswith(".draft-"):
            path.unlink()
        elif path.name.startswith("."):
            continue
        elif record := record_of(path):
            bucket.records[record.name] = record
        else:
            print(f"{path}: its record is damaged, so no object is made of it.", file=sys.stderr)
    bucket.names = sorted(bucket.records)
    return bucket


def sync(folder: Path) -> None:
    """Bring a folder's entries to the disk: without this a rename may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # some file systems have nothing to sync
        os.fsync(handle)
    os.close(handle)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
