"""A missing object: believes that a commit brings the data to others.

caught_by: test_add_and_push_fills_the_remote
hint: missing at the remote
"""


def add_and_push(folder, path):
    dvc(folder, "add", "-q", path)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "data")
