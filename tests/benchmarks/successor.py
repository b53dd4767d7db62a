"""Whether Zensical still builds the site: a look ahead, for which nothing fails.

Material for MkDocs ends on 2027-05-05. Zensical is by the same people, reads `mkdocs.yml` and
runs Markdown extensions, so ours should work there. This script fetches the pinned version into an
environment of its own on top of this one, builds, and says what became of each page.

    python tests/benchmarks/successor.py [VERSION]
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
VERSION = "0.0.73"
# What the extension puts on these pages, if it was run and knew which page it was on.
MARKS = {
    "02_task_graphs": 'class="quiz"',
    "guides/learn": "<svg",
    "claims": "Twice the workers",
    "labs/02_task_graphs": 'class="download"',
    "reference/datasets": "distance_m",
}


def build(folder: Path, version: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """Build a copy of the sources in `folder`; return how it ended, and the seconds."""
    copy = folder / "checkout"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            target.write_bytes((ROOT / name).read_bytes())
    target = folder / "zensical"
    fetch = ["uv", "pip", "install", "--quiet", "--target", str(target), f"zensical=={version}"]
    subprocess.run([*fetch, "--python", sys.executable], check=True)
    paths = f"{copy}{os.pathsep}{target}"
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    return done, time.perf_counter() - begun


def marks(site: Path) -> dict[str, str]:
    """For each page of MARKS: "as it should be", "without our part" or "missing"."""
    found = {}
    for name, mark in MARKS.items():
        page = next(
            (p for p in (site / f"{name}.html", site / name / "index.html") if p.exists()), None
        )
        text = page.read_text("utf-8") if page else ""
        found[name] = (
            "missing" if not page else "as it should be" if mark in text else "without our part"
        )
    return found


def main() -> int:
    """Print what was found. The status is 0 whatever it is."""
    version = sys.argv[1] if len(sys.argv) > 1 else VERSION
    with tempfile.TemporaryDirectory() as name:
        done, seconds = build(Path(name), version)
        said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr).strip()
        pages = marks(Path(name) / "checkout" / "site")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"zensical {version}: status {done.returncode} after {seconds:.1f} s")
    for page, state in pages.items():
        print(f"  {page:24} {state}")
    if done.returncode or "as it should be" not in pages.values():
        print("its last words:", *said.splitlines()[-12:], sep="\n  ")
    good = sum(state == "as it should be" for state in pages.values())
    print(f"successor: {good} of {len(pages)} pages are as they should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
