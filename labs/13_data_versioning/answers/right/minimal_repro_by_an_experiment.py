"""Has DVC change the parameter and run, in an experiment that is applied."""


def minimal_repro(folder, name, value):
    dvc(folder, "exp", "run", "-q", "-S", f"{name}={value}")
    dvc(folder, "push", "-q")
    git(folder, "commit", "-q", "-a", "-m", f"{name}: {value}")
