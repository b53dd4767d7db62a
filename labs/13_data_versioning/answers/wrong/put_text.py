"""Reads text: bytes that are none are dropped, and line ends are changed.

caught_by: test_put_of_any_bytes
hint: binary mode
"""

import hashlib


def put(store, file):
    data = file.read_text(errors="ignore").encode()
    digest = hashlib.md5(data).hexdigest()
    target = place(store, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        half = store / "half"
        half.write_bytes(data)
        half.chmod(0o444)
        half.replace(target)
    return digest
