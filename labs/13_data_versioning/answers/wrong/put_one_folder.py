"""Lays all objects into one folder.

caught_by: test_put_names_an_object_by_its_bytes
hint: two digits, a slash, thirty digits
"""

import shutil


def put(store, file):
    digest = digest_of(file)
    if not (store / digest).exists():
        shutil.copyfile(file, store / "half")
        (store / "half").chmod(0o444)
        (store / "half").replace(store / digest)
    return digest
