"""Leaves it to `dvc repro`, which finds the old runs in its cache of runs."""


def revert(folder, commit):
    git(folder, "checkout", commit, "--", ".")
    dvc(folder, "repro", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "back")
