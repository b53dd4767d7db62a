"""Works in copies, as before, and runs no stage twice; but no experiment is kept.

caught_by: test_compare_keeps_every_experiment
hint: One experiment for each value
"""

import json
import shutil
from pathlib import Path
from tempfile import mkdtemp

import yaml


def compare(folder, name, values):
    errors = {}
    section, key = name.split(".")
    for value in values:
        copy = Path(mkdtemp(), "copy")
        shutil.copytree(folder, copy)
        params = yaml.safe_load((copy / "params.yaml").read_text())
        params[section][key] = value
        (copy / "params.yaml").write_text(yaml.safe_dump(params))
        dvc(copy, "repro", "-q")
        errors[value] = json.loads((copy / "metrics.json").read_text())["error"]
    return errors
