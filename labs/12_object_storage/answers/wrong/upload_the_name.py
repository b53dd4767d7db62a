"""Uploads the path: `upload_from_string` takes the content, not the name of a file.

caught_by: test_upload_stores_the_content
hint: is uploaded as one
"""

import hashlib
from pathlib import Path


def upload(path: str, url: str) -> str:
    data = Path(path).read_bytes()
    target = f"{url}/{hashlib.sha256(data).hexdigest()}"
    if not blob_of(target).exists():
        blob_of(target).upload_from_string(path)
    return target
