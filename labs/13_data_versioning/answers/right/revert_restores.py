"""By `git restore`, file by file."""


def revert(folder, commit):
    git(folder, "restore", "--source", commit, "--staged", "--worktree", ".")
    dvc(folder, "checkout", "-f", "-q")
    git(folder, "commit", "-q", "-m", "back")
