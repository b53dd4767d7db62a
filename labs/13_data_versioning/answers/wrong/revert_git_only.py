"""Lets git go back, and leaves DVC's files as they are.

caught_by: test_revert_brings_files_back
hint: Git brought back the small files only
"""


def revert(folder, commit):
    git(folder, "checkout", commit, "--", ".")
    git(folder, "commit", "-q", "-m", "back")
