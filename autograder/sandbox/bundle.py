"""The bundle on its way into a room: a tar file in memory that nobody can change."""

import fcntl
import io
import os
import tarfile
from functools import lru_cache
from pathlib import Path


def packed(bundle: Path) -> int:
    """A descriptor of a sealed tar file in memory with a bundle's files; the caller closes it."""
    files = sorted(p for p in bundle.rglob("*") if p.is_file() and not _withheld(p))
    state = tuple((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files)
    return os.open(f"/proc/self/fd/{_pack(bundle, state)}", os.O_RDONLY)


def _withheld(path: Path) -> bool:
    """What a kernel does not need: the notebooks, and tests that only the judge runs."""
    return path.suffix == ".ipynb" or (path.name.startswith("test_") and path.suffix == ".py")


@lru_cache(maxsize=4)
def _pack(bundle: Path, state: tuple[tuple[str, int, int], ...]) -> int:
    fd = os.memfd_create("bundle", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
    with io.FileIO(os.dup(fd), "w") as file, tarfile.open(fileobj=file, mode="w") as tar:
        for name, _, _ in state:
            tar.add(name, arcname=str(Path(name).relative_to(bundle)), filter=_ours_no_more)
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
    return fd


def _ours_no_more(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
