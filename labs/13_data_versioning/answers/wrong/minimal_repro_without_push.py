"""Missing objects: the new outputs stay on this machine.

caught_by: test_minimal_repro_leaves_nothing_to_do
hint: missing at the remote
"""

import yaml


def minimal_repro(folder, name, value):
    params = yaml.safe_load((folder / "params.yaml").read_text())
    section, key = name.split(".")
    params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    dvc(folder, "repro", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "change")
