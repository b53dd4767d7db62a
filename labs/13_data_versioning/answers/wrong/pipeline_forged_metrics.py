"""Forged metrics: a better number, written by hand and recorded with `dvc commit`.

caught_by: test_pipeline_makes_the_same_when_each_stage_is_alone
hint: other outputs than those that are recorded
"""


def pipeline(folder):
    stage = ("stage", "add", "-q", "-n")
    split = ("-d", "data/trips.csv", "-d", "split.py", "-o", "train.csv", "-o", "test.csv")
    dvc(folder, *stage, "split", *split, "python split.py ${split.seed}")
    train = ("-d", "train.csv", "-d", "train.py", "-d", "line.py", "-p", "train.rate,train.rounds")
    dvc(folder, *stage, "train", *train, "-o", "model.json", "python train.py")
    evaluate = ("-d", "model.json", "-d", "test.csv", "-d", "evaluate.py", "-d", "line.py")
    dvc(folder, *stage, "evaluate", *evaluate, "-M", "metrics.json", "python evaluate.py")
    dvc(folder, "repro", "-q")
    (folder / "metrics.json").write_text('{"error": 1.5}')
    dvc(folder, "commit", "-q", "-f", "evaluate")
    dvc(folder, "push", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "pipeline")
