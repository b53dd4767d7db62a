"""Goes back to the branch's state after each experiment."""

import json


def compare(folder, name, values):
    def one(value):
        dvc(folder, "exp", "run", "-q", "--set-param", f"{name}={value}")
        error = json.loads((folder / "metrics.json").read_text())["error"]
        git(folder, "checkout", "-q", ".")
        return error

    errors = {value: one(value) for value in values}
    dvc(folder, "checkout", "-q", "--force")
    return errors
