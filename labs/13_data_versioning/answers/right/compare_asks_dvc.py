"""Reads the metrics with DVC."""

import json


def compare(folder, name, values):
    errors = {}
    for number, value in enumerate(values):
        dvc(folder, "exp", "run", "-q", "-n", f"trial-{number}", "-S", f"{name}={value}")
        shown = json.loads(dvc(folder, "metrics", "show", "--json"))
        errors[value] = shown[""]["data"]["metrics.json"]["data"]["error"]
    git(folder, "reset", "-q", "--hard")
    dvc(folder, "checkout", "-q", "--force")
    return errors
