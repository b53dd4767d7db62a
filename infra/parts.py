"""A dataset in a folder or a bucket: one file a partition, and a manifest that says what they are.

The manifest ``_outgrow.json`` is written twice: first with what was asked for, so that the folder
is known to be ours even if the making breaks off, and last with the parts. Every file appears whole
or not at all. The underscore hides the manifest from Dask, Spark and Arrow.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pyarrow as pa

from infra.formats import decode
from infra.tables import TABLES

MANIFEST = "_outgrow.json"
PART = re.compile(r"part-\d{5,}\.(parquet|csv|txt)")
DRAFT = re.compile(r"\.(part-|_outgrow).+\.[0-9a-f]{32}")


@dataclass(frozen=True)
class Part:
    """One file: its name, its rows, its bytes, and the content hash of its rows."""

    file: str
    rows: int
    bytes: int
    content: str


@dataclass(frozen=True)
class Manifest:
    """What a dataset is. ``parts`` is empty until all of them are written.

    ``edition`` counts the changes of the generators: another edition is another content.
    """

    table: str
    rows: int
    partitions: int
    seed: int
    format: str
    edition: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Place:
    """A folder at a URL: the file system and the path on it."""

    url: str
    fs: Any
    root: str

    def sizes(self) -> dict[str, int]:
        """Bytes of each file, by name; None for what is no file. Empty where nothing is."""
        self.fs.invalidate_cache()
        if not self.fs.isdir(self.root):
            return {}
        entries = {_name(entry["name"]): entry for entry in self.fs.ls(self.root, detail=True)}
        return {name: entry["size"] for name, entry in entries.items() if name != _name(self.root)}

    def put(self, name: str, data: pa.Buffer) -> None:
        """Write a file so that it is there whole or not at all."""
        if "file" not in self.fs.protocol:
            self.fs.pipe_file(f"{self.root}/{name}", data.to_pybytes())
            return
        draft = Path(self.root, f".{name}.{uuid4().hex}")
        try:
            draft.write_bytes(data)
            draft.replace(Path(self.root, name))
        finally:
            draft.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the parts and the drafts of an earlier making, and nothing else."""
        for name in self.sizes():
            if PART.fullmatch(name) or DRAFT.fullmatch(name):
                self.fs.rm_file(f"{self.root}/{name}")

    def manifest(self) -> Manifest | None:
        """The manifest that lies there; None where there is none of ours."""
        try:
            told = json.loads(self.fs.cat_file(f"{self.root}/{MANIFEST}"))
            parts = tuple(Part(**part) for part in told.pop("parts"))
            manifest = Manifest(**told, parts=parts)
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, LookupError):
            return None
        known = manifest.table in TABLES and all(PART.fullmatch(part.file) for part in parts)
        return manifest if known else None

    def sign(self, manifest: Manifest) -> None:
        """Write the manifest."""
        self.put(MANIFEST, pa.py_buffer(json.dumps(asdict(manifest), indent=1).encode()))


def locate(url: str) -> Place:
    """The place at a URL. Raises ValueError if no installed file system serves it."""
    try:
        fs, root = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise ValueError(
            f"{url}: {error}. Give a path or a URL that fsspec knows, such as gs://bucket/trips."
        ) from error
    return Place(url, fs, root.rstrip("/") or "/")


def read(url: str) -> Iterator[pa.Table]:
    """The rows of a dataset in order, some at a time; of Parquet parts also without a manifest.

    Raises FileNotFoundError where there are no parts, or not all.
    """
    place = locate(url)
    if manifest := place.manifest():
        paths = [f"{place.root}/{part.file}" for part in manifest.parts]
        format, schema = manifest.format, TABLES[manifest.table].SCHEMA
    else:
        paths, format, schema = _parquet(place), "parquet", None
    if not paths:
        raise FileNotFoundError(
            f"{url}: no Parquet parts there, or their making broke off. Make the dataset (again)."
        )
    for path in paths:
        with place.fs.open(path, "rb") as file:
            yield from decode(file, format, schema)


def _parquet(place: Place) -> list[str]:
    if place.fs.isfile(place.root):
        return [place.root]
    names = [name for name in place.sizes() if name.endswith(".parquet") and name[0] not in "._"]
    return [f"{place.root}/{name}" for name in sorted(names)]


def _name(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]
