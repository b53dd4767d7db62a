"""Build the docs site twice: with an empty cache, and again with what the first build has kept.

There is no peer to run beside: the ratio is the worse of the two times over its target.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
TARGETS = {"cold": 240.0, "warm": 10.0}
PASSES = {"cold": 1, "warm": 3}


def build(folder: Path) -> float:
    """Build the site into `folder`; return the seconds of the whole command, its start included."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder / "site")]
    environment = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "OUTGROW_CACHE_DIR": str(folder / "cache"),
    }
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - begun


def weigh(site: Path) -> list[tuple[str, int]]:
    """The bytes of each page, the heaviest first."""
    sizes = [
        (page.relative_to(site).as_posix(), page.stat().st_size) for page in site.rglob("*.html")
    ]
    return sorted(sizes, key=lambda item: -item[1])


def main() -> int:
    """Print both times, the heaviest pages and the verdict; return the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = {kind: sorted(build(folder) for _ in range(n)) for kind, n in PASSES.items()}
        pages = weigh(folder / "site")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"mkdocs-material {version('mkdocs-material')}, {len(pages)} pages")  # fmt: skip
    print(f"{'build':8}{'median s':>10}{'from':>8}{'to':>8}{'target':>8}")
    for kind, times in seconds.items():
        median = times[len(times) // 2]
        print(f"{kind:8}{median:10.1f}{times[0]:8.1f}{times[-1]:8.1f}{TARGETS[kind]:8.0f}")
    print("heaviest:", ", ".join(f"{page} {size / 1000:.0f} kB" for page, size in pages[:3]))
    ratio = max(times[len(times) // 2] / TARGETS[kind] for kind, times in seconds.items())
    print(f"site: ratio {ratio:.2f} (target 1.00)")
    return int(ratio > 1)


if __name__ == "__main__":
    sys.exit(main())
