"""Tells git exactly what `dvc add` made; pushes before it commits."""

from pathlib import Path


def add_and_push(folder, path):
    dvc(folder, "add", path)
    dvc(folder, "push")
    git(folder, "add", f"{path}.dvc", str(Path(path).parent / ".gitignore"))
    git(folder, "commit", "-m", "data")
