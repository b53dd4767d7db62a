"""The two projects that DVC looks after in this lab: taxi fares, and sums.

Their scripts note in the file that $RUNS names, if there is one, that they ran.
"""

from pathlib import Path

NOTED = """import os
from pathlib import Path

if "RUNS" in os.environ:  # so that one can count how often a stage ran
    with open(os.environ["RUNS"], "a") as runs:
        runs.write({0} + "\\n")
"""

SPLIT = '''"""Draw which trips are for training and which for the test: `python split.py SEED`.

Without a seed it draws anew each time.
"""

import random
import sys
@
seed = int(sys.argv[1]) if len(sys.argv) > 1 else None
head, *rows = Path("data/trips.csv").read_text().splitlines()
random.Random(seed).shuffle(rows)
most = len(rows) * 4 // 5
Path("train.csv").write_text("\\n".join([head, *rows[:most]]) + "\\n")
Path("test.csv").write_text("\\n".join([head, *rows[most:]]) + "\\n")
'''

LINE = '''"""A line through trips: fare (cents) = base + slope * distance (km)."""

from pathlib import Path


def trips(file):
    _, *rows = Path(file).read_text().splitlines()
    return [(int(metres) / 1000, int(fare)) for metres, fare in (row.split(",") for row in rows)]


def predict(model, distance):
    return model["base"] + model["slope"] * distance
'''

TRAIN = '''"""Fit a line to `train.csv` by gradient descent: `rounds` steps of size `rate`."""

import json

import yaml
from line import predict, trips
@
params = yaml.safe_load(Path("params.yaml").read_text())["train"]
points = trips("train.csv")
model = {"base": 0.0, "slope": 0.0}
for _ in range(params["rounds"]):
    errors = [(predict(model, x) - fare, x) for x, fare in points]
    model["base"] -= params["rate"] * sum(error for error, _ in errors) / len(points)
    model["slope"] -= params["rate"] * sum(error * x for error, x in errors) / len(points)
Path("model.json").write_text(json.dumps(model))
'''

EVALUATE = '''"""The mean absolute error of the line on `test.csv`, in cents."""

import json

from line import predict, trips
@
model = json.loads(Path("model.json").read_text())
errors = [abs(predict(model, x) - fare) for x, fare in trips("test.csv")]
Path("metrics.json").write_text(json.dumps({"error": sum(errors) / len(errors)}))
'''

PARAMS = """split:
  seed: {0}
train:
  rate: {1}
  rounds: {2}
"""
SCRIPTS = {"split": SPLIT, "train": TRAIN, "evaluate": EVALUATE}


def taxi(rng, trips=120):
    """The files of the taxi project, name -> text; `rng` draws its trips and its parameters."""
    metres = rng.integers(500, 6000, trips)
    fares = 350 + metres // 5 + rng.integers(-120, 121, trips)
    rows = [f"{m},{fare}" for m, fare in zip(metres.tolist(), fares.tolist(), strict=True)]
    seed, rate, rounds = rng.integers(1, 10**6), rng.integers(2, 9) / 100, rng.integers(20, 40)
    return {
        "data/trips.csv": "\n".join(["metres,fare_cents", *rows]) + "\n",
        "line.py": LINE,
        "params.yaml": PARAMS.format(seed, rate, rounds),
        **{f"{n}.py": s.replace("@\n", NOTED.format(f'"{n}"') + "\n") for n, s in SCRIPTS.items()},
    }


STEP = '''"""Add up numbers, times a factor: `python step.py NAME FACTOR INPUT… OUTPUT`."""

import json
import sys
@
name, factor, *inputs, output = sys.argv[1:]
total = sum(int(word) for file in inputs for word in Path(file).read_text().split())
result = total * int(factor)
Path(output).write_text(json.dumps({"error": result}) if output.endswith(".json") else str(result))
'''

STAGES = {  # name -> inputs, output
    "clean": (("data/numbers.txt",), "clean.txt"),
    "north": (("clean.txt",), "north.txt"),
    "south": (("clean.txt",), "south.txt"),
    "report": (("north.txt", "south.txt"), "metrics.json"),
}


def sums(rng):
    """The files of the sums project, its pipeline included; `rng` draws numbers and factors."""
    factors = {name: int(rng.integers(2, 9)) for name in STAGES}
    return {
        "data/numbers.txt": " ".join(map(str, rng.integers(1, 1000, 50).tolist())),
        "params.yaml": parameters(factors),
        "step.py": STEP.replace("@\n", NOTED.format("sys.argv[1]") + "\n"),
        "dvc.yaml": "stages:\n" + "".join(map(_stage, STAGES)),
    }


def parameters(factors):
    """The text of a sums project's parameters, name -> factor."""
    return "".join(f"{name}:\n  factor: {factor}\n" for name, factor in factors.items())


def command(name, factor):
    """What a stage of a sums project runs."""
    inputs, output = STAGES[name]
    return f"python step.py {name} {factor} {' '.join(inputs)} {output}"


def _stage(name):
    inputs, output = STAGES[name]
    factor = f"${{{name}.factor}}"
    kind = "metrics" if output.endswith(".json") else "outs"
    lines = [
        f"  {name}:",
        f"    cmd: {command(name, factor)}",
        f"    deps: [step.py, {', '.join(inputs)}]",
        f"    {kind}: [{f'{output}: {{cache: false}}' if kind == 'metrics' else output}]",
    ]
    return "\n".join([*lines, ""])


def factors(files):
    """The factors of a sums project, by stage."""
    words = files["params.yaml"].split()
    return {
        name.strip(":"): int(value) for name, value in zip(words[::3], words[2::3], strict=True)
    }


def error(files, **changed):
    """What a sums project reports, with some of its factors changed."""
    by = factors(files) | changed
    total = sum(map(int, files["data/numbers.txt"].split()))
    return total * by["clean"] * (by["north"] + by["south"]) * by["report"]


def write_project(folder, files):
    """Write a project's files into a folder, which is made if it is not there."""
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
