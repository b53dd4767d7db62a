"""With fsspec, which is told not to remember old listings."""

import hashlib
from pathlib import Path

import fsspec


def upload(path: str, url: str) -> str:
    data = Path(path).read_bytes()
    target = f"{url}/{hashlib.sha256(data).hexdigest()}"
    files, name = fsspec.url_to_fs(target)
    files.invalidate_cache()
    if not files.exists(name):
        files.pipe_file(name, data)
    return target
