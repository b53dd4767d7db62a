"""What is handed over of a repository: made in the student's process, by a probe."""

import subprocess
from pathlib import Path

MOST = 64 * 2**20  # bytes, of bundle and objects together


def pack(folder: str | Path, remote: str | Path | None = None) -> dict[str, object]:
    """The repository in `folder` as {"bundle": bytes, "objects": {name: bytes}}.

    The bundle holds every ref, experiments too; `remote` is the folder of DVC's remote, if it is
    one. Raises ValueError if there is no commit, or all is larger than MOST.
    """
    command = ["git", "-C", str(folder), "bundle", "create", "-q", "-", "--all", "HEAD"]
    made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode:
        raise ValueError("there is no git repository with a commit in the folder")
    root = Path(remote) if remote else None
    files = sorted(p for p in root.rglob("*") if p.is_file()) if root else []
    if len(made.stdout) + sum(p.stat().st_size for p in files) > MOST:
        raise ValueError(f"repository and remote are larger than {MOST // 2**20} MiB")
    objects = {p.relative_to(root).as_posix(): p.read_bytes() for p in files if root}
    return {"bundle": made.stdout, "objects": objects}
