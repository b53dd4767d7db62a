"""Objects in a bucket: a name, its bytes, a few labels, and nothing else.

A URL such as ``gs://bucket/2026/trips.csv`` names an object: the bucket, and behind it a name in
which the slashes mean nothing to the store. What is asked of the store is an HTTP request.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import fsspec
import requests
from google.api_core import exceptions
from google.cloud import storage


def blob_of(url: str) -> Any:
    """The object at a URL, for Google's client. This asks the store nothing."""
    bucket, _, name = url.removeprefix("gs://").partition("/")
    return _client(os.environ.get("STORAGE_EMULATOR_HOST")).bucket(bucket).blob(name)


@cache
def _client(where: str | None) -> storage.Client:  # noqa: ARG001
    return storage.Client(project="outgrow")


def put(url: str, data: bytes, *, new: bool = False) -> None:
    """Send an object, in one request, which is not repeated. `new`: only if there is none yet.

    Raises FileExistsError if there is one and `new` was asked for. Raises ConnectionError if it is
    worth asking again: the store had no time (429, 503), or no answer came. Without an answer
    nobody knows: the object may be there.
    """
    try:
        blob_of(url).upload_from_string(data, if_generation_match=0 if new else None, retry=None)
    except exceptions.PreconditionFailed:
        raise FileExistsError(url) from None
    except (exceptions.TooManyRequests, exceptions.ServerError, requests.RequestException) as error:
        raise ConnectionError(f"{url}: {error}") from None


def get(url: str) -> bytes | None:
    """An object's bytes, by one request, which is not repeated; None if there is none.

    Raises ConnectionError if it is worth asking again.
    """
    try:
        return blob_of(url).download_as_bytes(retry=None)
    except exceptions.NotFound:
        return None
    except (exceptions.TooManyRequests, exceptions.ServerError, requests.RequestException) as error:
        raise ConnectionError(f"{url}: {error}") from None


def upload(path: str, url: str) -> str:
    """Lay a file's content into a bucket, under a name that is the content's hash.

    `path` is the file, `url` a place such as `gs://bucket/raw`. The object is called
    `gs://bucket/raw/HASH`, where HASH is the SHA-256 of the file's bytes in 64 hexadecimal digits.
    Any bytes are allowed, none too.

    Returns the object's URL. If the object is there already, nothing is sent: the same name means
    the same bytes.

    >>> upload("hello.txt", "gs://bucket/raw")                   # the file holds b"hello"
    'gs://bucket/raw/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
    """
    data = Path(path).read_bytes()
    blob = blob_of(f"{url}/{hashlib.sha256(data).hexdigest()}")
    if not blob.exists():
        blob.upload_from_string(data)
    return f"gs://{blob.bucket.name}/{blob.name}"


def read_range(url: str, start: int, stop: int) -> bytes:
    """The bytes of an object from position `start` on and before `stop`, as in a slice.

    `0 <= start <= stop`, and `start` lies within the object; behind its end there is nothing, so
    fewer bytes may come. An empty range is `b""`.

    One request is made, none for an empty range, and the store sends no byte more than is returned.

    >>> read_range("gs://bucket/digits", 2, 5)                   # the object holds b"0123456789"
    b'234'
    """
    if start == stop:
        return b""
    files, name = fsspec.url_to_fs(url)
    return files.cat_file(name, start=start, end=stop)


def move(old: str, new: str) -> int:
    """Give all objects below one place a name below another, in the same bucket.

    `old` and `new` are URLs such as `gs://bucket/raw` and `gs://bucket/2026/raw`, without a slash
    at the end; neither lies below the other. The object `gs://bucket/raw/a/b` gets the name
    `gs://bucket/2026/raw/a/b`. The object `gs://bucket/raw-old/a` is not below `gs://bucket/raw`.

    Returns how many objects there were. Their bytes do not leave the store. An object is taken
    away only when it has its new name: if this is broken off at any point, no object is lost.

    >>> move("gs://bucket/raw", "gs://bucket/2026/raw")
    3
    """
    source, target = blob_of(f"{old}/"), blob_of(f"{new}/")
    found = list(source.bucket.client.list_blobs(source.bucket, prefix=source.name))
    for blob in found:
        name = target.name + blob.name.removeprefix(source.name)
        source.bucket.copy_blob(blob, source.bucket, name)
        blob.delete()
    return len(found)
