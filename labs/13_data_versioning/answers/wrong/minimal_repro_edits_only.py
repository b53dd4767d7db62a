"""Parameters edited without repro: the lock and the metrics are those of the old value.

caught_by: test_minimal_repro_leaves_nothing_to_do
hint: finds stages to run
"""

import yaml


def minimal_repro(folder, name, value):
    params = yaml.safe_load((folder / "params.yaml").read_text())
    section, key = name.split(".")
    params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "change")
