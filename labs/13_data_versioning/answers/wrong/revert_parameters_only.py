"""Brings the parameters back and nothing else.

caught_by: test_revert_runs_nothing
hint: The metrics are those of the commit
"""


def revert(folder, commit):
    git(folder, "checkout", commit, "--", "params.yaml")
    git(folder, "commit", "-q", "-m", "back")
