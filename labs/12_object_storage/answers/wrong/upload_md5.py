"""Takes MD5, because the store shows one, too.

caught_by: test_upload_names_the_object_by_its_hash
hint: SHA-256, 64 hexadecimal digits
"""

import hashlib
from pathlib import Path


def upload(path: str, url: str) -> str:
    data = Path(path).read_bytes()
    target = f"{url}/{hashlib.md5(data).hexdigest()}"
    if not blob_of(target).exists():
        blob_of(target).upload_from_string(data)
    return target
