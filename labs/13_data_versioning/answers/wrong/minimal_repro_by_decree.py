"""Has DVC record the new value without running: `dvc commit` believes it.

caught_by: test_minimal_repro_leaves_nothing_to_do
hint: metrics are those of the new parameter
"""

import yaml


def minimal_repro(folder, name, value):
    params = yaml.safe_load((folder / "params.yaml").read_text())
    section, key = name.split(".")
    params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    dvc(folder, "commit", "-q", "-f")
    dvc(folder, "push", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "change")
