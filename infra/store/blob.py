"""One object is one file: its bytes, then what is known of them, then how long that was.

    | the object's bytes | record, as JSON | length of the record, its checksum, b"OUTG" |

The record stands at the end, as in a Parquet file, because size and checksums are known only when
the last byte has come. A Draft is such a file in the making. It lies under a name of its own until
all of it is on the disk, and is then renamed: with the rename the object is there. A process that
is killed before leaves a draft, which the next start removes; nothing in between exists.

Besides its checksums as a whole an object has one for each block, so that a short range can be
proven without reading all of it.
"""

import base64
import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import google_crc32c

from infra.store.refusal import Refusal

BLOCK = 256 * 1024  # bytes that share a checksum
END = struct.Struct(">II4s")
MAGIC = b"OUTG"


@dataclass(frozen=True)
class Record:
    """What is known of an object.

    generation, metageneration: GCS's version numbers of its bytes, and of ``fields``.
    crc32c, md5: as GCS writes them, in base64; a composed object has no md5.
    components: of how many uploads it was composed, None for an ordinary object.
    fields: what its writer said of it, by GCS's names: contentType, metadata, storageClass …
    blocks: the CRC32C of each BLOCK of its bytes.
    """

    bucket: str
    name: str
    generation: int
    metageneration: int
    size: int
    crc32c: str
    md5: str | None
    created: str
    updated: str
    components: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    blocks: tuple[int, ...] = ()


class Draft:
    """A file that becomes an object: bytes are written, then it is sealed with its record.
    ``spend`` is told of the bytes beforehand, and may refuse them."""

    def __init__(self, folder: Path, spend: Callable[[int], None]) -> None:
        self.spend = spend
        self.path = folder / f".draft-{uuid4().hex}"
        self.file = self.path.open("xb", buffering=0)
        self.size, self.crc, self.blocks = 0, 0, []
        self.hash = hashlib.md5(usedforsecurity=False)

    def write(self, data: bytes) -> None:
        """Add bytes; checksums grow with them."""
        self.spend(len(data))
        self.hash.update(data)
        self.crc = google_crc32c.extend(self.crc, data)
        first = -self.size % BLOCK
        pieces = [data[:first]] if first else []
        pieces += [data[i : i + BLOCK] for i in range(first, len(data), BLOCK)]
        for piece in filter(None, pieces):
            if self.size % BLOCK == 0:
                self.blocks.append(0)
            self.blocks[-1] = google_crc32c.extend(self.blocks[-1], piece)
            self._put(piece)
            self.size += len(piece)

    def _put(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self.file.write(rest) :]

    @property
    def md5(self) -> str:
        return base64.b64encode(self.hash.digest()).decode()

    @property
    def crc32c(self) -> str:
        return base64.b64encode(self.crc.to_bytes(4, "big")).decode()

    def seal(self, record: Record) -> None:
        """Write the record and bring everything to the disk."""
        text = json.dumps(asdict(record)).encode()
        self._put(text + END.pack(len(text), google_crc32c.value(text), MAGIC))
        os.fsync(self.file.fileno())
        self.file.close()

    def discard(self) -> None:
        """Remove the file, unless it has become an object."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def record_of(path: Path) -> Record | None:
    """The record at the end of an object's file; None if it is damaged."""
    with path.open("rb") as file:
        try:
            file.seek(-END.size, os.SEEK_END)
            length, checksum, magic = END.unpack(file.read(END.size))
            file.seek(-END.size - length, os.SEEK_END)
            text = file.read(length)
        except (OSError, struct.error):
            return None
    if magic != MAGIC or google_crc32c.value(text) != checksum:
        return None
    told = json.loads(text)
    return Record(**{**told, "blocks": tuple(told["blocks"])})


def prove(file: BinaryIO, record: Record, start: int, stop: int) -> None:
    """Raise Refusal unless the bytes from ``start`` to ``stop`` are those that were uploaded.

    Its status is one after which clients do not ask again: that would not mend anything.
    """
    for number in range(start // BLOCK, -(-stop // BLOCK)):
        at = number * BLOCK
        data = os.pread(file.fileno(), min(BLOCK, record.size - at), at)
        if google_crc32c.value(data) != record.blocks[number]:
            raise Refusal(
                422,
                "dataLoss",
                f"gs://{record.bucket}/{record.name}: the bytes on the disk from {at} on are not "
                "those that were uploaded (CRC32C differs). Upload the object again.",
            )


def pieces(file: BinaryIO, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from ``start`` to ``stop``, a block at a time."""
    for at in range(start, stop, BLOCK):
        yield os.pread(file.fileno(), min(BLOCK, stop - at), at)
