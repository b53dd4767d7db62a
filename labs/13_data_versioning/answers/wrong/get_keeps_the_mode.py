"""Copies with the object's mode: nobody can write to the copy.

caught_by: test_get_makes_a_copy_of_its_own
hint: mode 0o644
"""

import shutil


def get(store, digest, target, link="copy"):
    source = place(store, digest)
    ways = {"copy": shutil.copy2, "hardlink": os.link, "symlink": os.symlink}
    if link not in ways or digest_of(source) != digest:
        raise ValueError(link)
    target.unlink(missing_ok=True)
    ways[link](source.resolve(), target)
