"""Keeps what *all* versions have in common.

caught_by: test_gc_of_many_versions
hint: Every version counts
"""


def gc(store, manifests):
    versions = [set(manifest.values()) for manifest in manifests]
    live = set.intersection(*versions) if versions else set()
    freed = 0
    for digest in list(objects(store)):
        if digest not in live:
            freed += place(store, digest).stat().st_size
            place(store, digest).unlink()
    return freed
