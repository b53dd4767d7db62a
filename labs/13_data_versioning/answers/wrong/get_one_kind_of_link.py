"""Makes a symbolic link where a hard link is asked for.

caught_by: test_get_links
hint: they are not the same
"""

import shutil


def get(store, digest, target, link="copy"):
    source = place(store, digest)
    if link not in ("copy", "hardlink", "symlink") or digest_of(source) != digest:
        raise ValueError(link)
    target.unlink(missing_ok=True)
    if link == "copy":
        shutil.copyfile(source, target)
        target.chmod(0o644)
    else:
        target.symlink_to(source.resolve())
