"""Runs every stage in every experiment.

caught_by: test_compare_runs_only_what_depends_on_the_value
hint: do not force anything
"""

import json


def compare(folder, name, values):
    errors = {}
    for value in values:
        dvc(folder, "exp", "run", "-q", "--force", "-S", f"{name}={value}")
        errors[value] = json.loads((folder / "metrics.json").read_text())["error"]
    git(folder, "checkout", "-q", "--", ".")
    dvc(folder, "checkout", "-q", "--force")
    return errors
