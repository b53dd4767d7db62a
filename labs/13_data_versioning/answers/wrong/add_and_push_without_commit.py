"""Leaves the file with the hash uncommitted: git knows of no data.

caught_by: test_add_and_push_tracks_the_data
hint: In the last commit there is no
"""


def add_and_push(folder, path):
    dvc(folder, "add", "-q", path)
    dvc(folder, "push", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "data")
