"""Gives the outputs to git, as their names look small.

caught_by: test_pipeline_is_up_to_date
hint: Outputs are DVC's
"""


def pipeline(folder):
    stage = ("stage", "add", "-q", "-n")
    split = ("-d", "data/trips.csv", "-d", "split.py", "-O", "train.csv", "-O", "test.csv")
    dvc(folder, *stage, "split", *split, "python split.py ${split.seed}")
    train = ("-d", "train.csv", "-d", "train.py", "-d", "line.py", "-p", "train.rate,train.rounds")
    dvc(folder, *stage, "train", *train, "-O", "model.json", "python train.py")
    evaluate = ("-d", "model.json", "-d", "test.csv", "-d", "evaluate.py", "-d", "line.py")
    dvc(folder, *stage, "evaluate", *evaluate, "-M", "metrics.json", "python evaluate.py")
    dvc(folder, "repro", "-q")
    dvc(folder, "push", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "pipeline")
