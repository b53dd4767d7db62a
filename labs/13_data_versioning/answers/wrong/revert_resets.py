"""Throws the later commits away.

caught_by: test_revert_keeps_the_later_commits
hint: The branch has lost commits
"""


def revert(folder, commit):
    git(folder, "reset", "-q", "--hard", commit)
    dvc(folder, "checkout", "-q", "--force")
