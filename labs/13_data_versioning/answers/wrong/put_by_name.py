"""Hashes the file's name: the same bytes under two names are two objects.

caught_by: test_put_names_an_object_by_its_bytes
hint: MD5 of the file's bytes
"""

import hashlib
import shutil


def put(store, file):
    digest = hashlib.md5(file.name.encode()).hexdigest()
    target = place(store, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o444)
    return digest
