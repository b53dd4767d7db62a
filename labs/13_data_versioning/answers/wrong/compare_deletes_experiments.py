"""Deleted experiments: keeps the best one, and nobody learns what else was tried.

caught_by: test_compare_keeps_every_experiment
hint: all of them stay
"""

import json


def compare(folder, name, values):
    errors = {}
    for value in values:
        dvc(folder, "exp", "run", "-q", "-n", f"try-{value}", "-S", f"{name}={value}")
        errors[value] = json.loads((folder / "metrics.json").read_text())["error"]
    best = min(errors, key=errors.__getitem__)
    dvc(folder, "exp", "remove", "-q", *(f"try-{value}" for value in values if value != best))
    git(folder, "checkout", "-q", "--", ".")
    dvc(folder, "checkout", "-q", "--force")
    return errors
