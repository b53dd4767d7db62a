"""Walks the folders itself."""


def gc(store, manifests):
    live = [*(digest for manifest in manifests for digest in manifest.values())]
    freed = 0
    for folder in list(store.iterdir()):
        for path in list(folder.iterdir()) if folder.is_dir() else []:
            if folder.name + path.name not in live:
                freed += len(path.read_bytes())
                path.unlink()
    return freed
