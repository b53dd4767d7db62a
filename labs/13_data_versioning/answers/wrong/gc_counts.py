"""Counts objects, not bytes.

caught_by: test_gc_removes_what_no_version_names
hint: Return the bytes
"""


def gc(store, manifests):
    live = {digest for manifest in manifests for digest in manifest.values()}
    dead = [digest for digest in objects(store) if digest not in live]
    for digest in dead:
        place(store, digest).unlink()
    return len(dead)
