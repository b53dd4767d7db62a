"""What a repository is before a task begins, as git and DVC would have made it, and no stage ran.

A history is plain data: `commits`, each the files that git is given; `loose`, the working files
that git does not know; `objects`, what DVC has in its cache and at its remote, by digest.
"""

import json
from hashlib import md5

import yaml

from projects import STAGES, command, factors, parameters

SETTINGS = {
    ".dvc/config": "[core]\n    remote = store\n['remote \"store\"']\n    url = ../../remote\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
}


def digest(text):
    """The MD5 of a text's bytes."""
    return md5(text.encode()).hexdigest()


def started(files):
    """Code and settings are in a commit, and nobody has told git or DVC of the data."""
    code = {name: text for name, text in files.items() if not name.startswith("data/")}
    data = {name: files[name] for name in files.keys() - code.keys()}
    return {"commits": [code | SETTINGS], "loose": data, "objects": {}}


def tracked(files):
    """As `started`; then the file in `data/` was added and pushed."""
    begun = started(files)
    ((path, text),) = begun["loose"].items()
    name = path.removeprefix("data/")
    about = yaml.safe_dump({"outs": [_known(name, text)]})
    noted = {f"{path}.dvc": about, "data/.gitignore": f"/{name}\n"}
    commits = [*begun["commits"], begun["commits"][-1] | noted]
    return {"commits": commits, "loose": begun["loose"], "objects": {digest(text): text}}


def run(files, *changes):
    """A sums project as `tracked`; then its stages were run, and again after each change of some
    factors (name -> factor), and all was pushed."""
    begun = tracked(files)
    by, commits, objects = factors(files), list(begun["commits"]), dict(begun["objects"])
    kept = {}
    for change in ({}, *changes):
        by = by | change
        made = outputs(files, by)
        metrics, kept = made.pop("metrics.json"), made
        noted = {
            "params.yaml": parameters(by),
            "dvc.lock": _lock(files | made | {"metrics.json": metrics}, by),
            "metrics.json": metrics,
            ".gitignore": "".join(f"/{name}\n" for name in kept),
        }
        commits.append(begun["commits"][-1] | noted)
        objects |= {digest(text): text for text in kept.values()}
    return {"commits": commits, "loose": begun["loose"] | kept, "objects": objects}


def outputs(files, by):
    """What the stages of a sums project write with these factors, path -> text."""
    found = {"data/numbers.txt": files["data/numbers.txt"]}
    for name, (inputs, output) in STAGES.items():
        total = sum(int(word) for file in inputs for word in found[file].split()) * by[name]
        found[output] = json.dumps({"error": total}) if output.endswith(".json") else str(total)
    del found["data/numbers.txt"]
    return found


def _lock(files, by):
    """The text of `dvc.lock`: the hashes of all that went into each stage, and came out."""
    stages = {
        name: {
            "cmd": command(name, by[name]),
            "deps": [_known(path, files[path]) for path in ("step.py", *inputs)],
            "outs": [_known(output, files[output])],
        }
        for name, (inputs, output) in STAGES.items()
    }
    return yaml.safe_dump({"schema": "2.0", "stages": stages})


def _known(path, text):
    return {"path": path, "hash": "md5", "md5": digest(text), "size": len(text.encode())}
