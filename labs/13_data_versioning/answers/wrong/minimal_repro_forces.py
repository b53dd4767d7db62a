"""Runs everything, to be on the safe side.

caught_by: test_minimal_repro_runs_what_depends_on_the_change
hint: do not force it
"""

import yaml


def minimal_repro(folder, name, value):
    params = yaml.safe_load((folder / "params.yaml").read_text())
    section, key = name.split(".")
    params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    dvc(folder, "repro", "-q", "--force")
    dvc(folder, "push", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "change")
