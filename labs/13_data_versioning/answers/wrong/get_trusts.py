"""Does not look whether the object is what its name says.

caught_by: test_get_refuses_a_corrupt_object
hint: A byte of the object has changed
"""

import shutil


def get(store, digest, target, link="copy"):
    source = place(store, digest)
    ways = {"copy": shutil.copyfile, "hardlink": os.link, "symlink": os.symlink}
    if link not in ways:
        raise ValueError(link)
    if not source.exists():
        raise FileNotFoundError(digest)
    target.unlink(missing_ok=True)
    ways[link](source.resolve(), target)
    if link == "copy":
        target.chmod(0o644)
