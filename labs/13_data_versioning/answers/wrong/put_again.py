"""Writes bytes that the store has.

caught_by: test_put_keeps_equal_bytes_once
hint: leave the object alone
"""

import shutil


def put(store, file):
    digest = digest_of(file)
    target = place(store, digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = store / "half"
    shutil.copyfile(file, half)
    half.chmod(0o444)
    half.replace(target)
    return digest
