"""Moves the file into the store, which is quick.

caught_by: test_put_names_an_object_by_its_bytes
hint: stays where it is
"""


def put(store, file):
    digest = digest_of(file)
    target = place(store, digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    file.chmod(0o444)
    file.replace(target)
    return digest
