"""Reads the file once, into memory."""

import hashlib
from pathlib import Path


def put(store, file):
    data = file.read_bytes()
    digest = hashlib.md5(data).hexdigest()
    target = store / digest[:2] / digest[2:]
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        half = Path(store, f"{digest}.half")
        half.write_bytes(data)
        half.chmod(0o444)
        half.rename(target)
    return digest
