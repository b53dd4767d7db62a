"""Looks for the names of files among the digests: everything goes.

caught_by: test_gc_removes_what_no_version_names
hint: An object stays if
"""


def gc(store, manifests):
    live = {name for manifest in manifests for name in manifest}
    freed = 0
    for digest in list(objects(store)):
        if digest not in live:
            freed += place(store, digest).stat().st_size
            place(store, digest).unlink()
    return freed
