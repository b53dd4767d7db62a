"""Runs the stage with the parameter, and not the one that reads its output.

caught_by: test_minimal_repro_runs_what_depends_on_the_change
hint: both have to run
"""

import yaml


def minimal_repro(folder, name, value):
    params = yaml.safe_load((folder / "params.yaml").read_text())
    section, key = name.split(".")
    params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    dvc(folder, "repro", "-q", "--single-item", section)
    dvc(folder, "push", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "change")
