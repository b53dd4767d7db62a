"""Tries each value in a commit of the branch.

caught_by: test_compare_says_how_large_each_error_is
hint: An experiment is no commit
"""

import json

import yaml


def compare(folder, name, values):
    errors = {}
    section, key = name.split(".")
    for value in values:
        params = yaml.safe_load((folder / "params.yaml").read_text())
        params[section][key] = value
        (folder / "params.yaml").write_text(yaml.safe_dump(params))
        dvc(folder, "repro", "-q")
        git(folder, "commit", "-q", "-a", "-m", f"{name}: {value}")
        errors[value] = json.loads((folder / "metrics.json").read_text())["error"]
    return errors
