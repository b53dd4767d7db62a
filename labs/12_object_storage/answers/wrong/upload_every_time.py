"""Sends the bytes every time, since the result is the same anyway.

caught_by: test_upload_sends_nothing_twice
hint: The bytes were sent once each time
"""

import hashlib
from pathlib import Path


def upload(path: str, url: str) -> str:
    data = Path(path).read_bytes()
    target = f"{url}/{hashlib.sha256(data).hexdigest()}"
    blob_of(target).upload_from_string(data)
    return target
