"""Computes everything again.

caught_by: test_revert_runs_nothing
hint: A stage ran
"""


def revert(folder, commit):
    git(folder, "checkout", commit, "--", ".")
    dvc(folder, "repro", "-q", "--force")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "--allow-empty", "-m", "back")
