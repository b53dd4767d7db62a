"""Runs each stage as soon as it is added."""

OUTS = ["-o", "model.json"]


def pipeline(folder):
    code = {
        "split": (["data/trips.csv"], [], ["-o", "train.csv", "-o", "test.csv"]),
        "train": (["train.csv", "line.py"], ["-p", "train.rounds,train.rate"], OUTS[:2]),
        "evaluate": (["model.json", "test.csv", "line.py"], [], ["-M", "metrics.json"]),
    }
    for name, (reads, params, writes) in code.items():
        more = " ${split.seed}" if name == "split" else ""
        deps = [word for file in [*reads, f"{name}.py"] for word in ("-d", file)]
        command = f"python {name}.py{more}"
        dvc(folder, "stage", "add", "-q", "-n", name, *deps, *params, *writes, command)
        dvc(folder, "repro", "-q", name)
    dvc(folder, "push", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "pipeline")
