"""Data in git history: commits the data, notices it, removes it in the next commit.

caught_by: test_add_and_push_keeps_data_out_of_git
hint: Data lie in a commit
"""


def add_and_push(folder, path):
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "everything")
    git(folder, "rm", "-q", "-r", "--cached", path)
    dvc(folder, "add", "-q", path)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "data are DVC's")
    dvc(folder, "push", "-q")
