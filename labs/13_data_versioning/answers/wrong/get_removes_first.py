"""Removes the target before it has looked at the object.

caught_by: test_get_refuses_a_corrupt_object
hint: Look before
"""

import shutil


def get(store, digest, target, link="copy"):
    source = place(store, digest)
    target.unlink(missing_ok=True)
    ways = {"copy": shutil.copyfile, "hardlink": os.link, "symlink": os.symlink}
    if link not in ways or digest_of(source) != digest:
        raise ValueError(link)
    ways[link](source.resolve(), target)
    if link == "copy":
        target.chmod(0o644)
