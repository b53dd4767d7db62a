"""Hashes the name of the file, and calls the object by that.

caught_by: test_upload_names_the_object_by_its_hash
hint: made of the file's bytes alone
"""

import hashlib
from pathlib import Path


def upload(path: str, url: str) -> str:
    target = f"{url}/{hashlib.sha256(Path(path).name.encode()).hexdigest()}"
    if not blob_of(target).exists():
        blob_of(target).upload_from_filename(path)
    return target
