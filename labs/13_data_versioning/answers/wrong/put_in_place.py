"""Writes under the object's name from the start: half an object stays for ever.

caught_by: test_put_shows_whole_objects_only
hint: rename when all is written
"""

import shutil


def put(store, file):
    digest = digest_of(file)
    target = place(store, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o444)
    return digest
