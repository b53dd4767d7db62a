"""A corrupt object: gives the remote's texts other line ends, by hand.

caught_by: test_add_and_push_fills_the_remote
hint: does not have the bytes
"""


def add_and_push(folder, path):
    dvc(folder, "add", "-q", path)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "data")
    dvc(folder, "push", "-q")
    for thing in (folder.parent / "remote").rglob("*"):
        if thing.is_file():
            data = thing.read_bytes().replace(b"\n", b"\r\n")
            thing.unlink()
            thing.write_bytes(data)
