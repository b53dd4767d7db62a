"""Reads the file as text, which changes line ends and fails on other bytes.

caught_by: test_upload_stores_the_content
hint: Look at what the object holds
"""

import hashlib
from pathlib import Path


def upload(path: str, url: str) -> str:
    data = Path(path).read_text(errors="replace").encode()
    target = f"{url}/{hashlib.sha256(data).hexdigest()}"
    if not blob_of(target).exists():
        blob_of(target).upload_from_string(data)
    return target
