"""Writes dvc.yaml itself; declares a whole section of parameters."""

TEXT = """
stages:
  split:
    cmd: python split.py ${split.seed}
    deps: [data/trips.csv, split.py]
    outs: [train.csv, test.csv]
  train:
    cmd: python train.py
    deps: [train.csv, train.py, line.py]
    params: [train]
    outs: [model.json]
  evaluate:
    cmd: python evaluate.py
    deps: [model.json, test.csv, evaluate.py, line.py]
    metrics: [metrics.json: {cache: false}]
"""


def pipeline(folder):
    (folder / "dvc.yaml").write_text(TEXT)
    dvc(folder, "repro", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "pipeline")
    dvc(folder, "push", "-q")
