"""Copies, whatever is asked for.

caught_by: test_get_links
hint: neither is a copy
"""

import shutil


def get(store, digest, target, link="copy"):
    source = place(store, digest)
    if link not in ("copy", "hardlink", "symlink") or digest_of(source) != digest:
        raise ValueError(link)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)
