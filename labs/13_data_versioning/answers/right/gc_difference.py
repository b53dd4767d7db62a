"""A difference of sets."""


def gc(store, manifests):
    live = set()
    for manifest in manifests:
        live.update(manifest.values())
    dead = [place(store, digest) for digest in set(objects(store)) - live]
    freed = sum(path.stat().st_size for path in dead)
    for path in dead:
        path.unlink()
    return freed
