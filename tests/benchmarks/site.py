"""Build the docs site: with an empty cache, with what that build has kept, and without our part.

The peer is MkDocs with the same theme on the same pages, without our extensions and our hook: it
runs no fence, judges no lab and draws nothing, so it is the floor of what a build can take. The
ratio is the worse of our two times over its target.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
TARGETS = {"cold": 240.0, "warm": 10.0}
PASSES = {"cold": 1, "warm": 3, "peer": 3}


def build(folder: Path, kind: str) -> float:
    """Build the site into `folder`; return the seconds of the whole command, its start included."""
    how = ["-f", str(plain(folder)), "-d", str(folder / "plain")]
    ours = ["--strict", "-d", str(folder / "site")]
    command = [sys.executable, "-m", "mkdocs", "build", *(how if kind == "peer" else ours)]
    environment = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "OUTGROW_CACHE_DIR": str(folder / "cache"),
    }
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - begun


def plain(folder: Path) -> Path:
    """A configuration like ours, without what is ours in it."""
    lines = (
        (ROOT / "mkdocs.yml").read_text("utf-8").replace("lectures/_site/overrides", "OVERRIDES")
    )
    kept = [line for line in lines.split("\n") if "lectures._site" not in line]
    text = re.sub(r"(?m)^hooks:\n(  - .*\n)+", "", "\n".join(kept))
    text = text.replace("docs_dir: lectures", f"docs_dir: {ROOT / 'lectures'}")
    text = text.replace("OVERRIDES", str(ROOT / "lectures/_site/overrides"))
    file = folder / "plain.yml"
    file.write_text(text, "utf-8")
    return file


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
        seconds = {
            kind: sorted(build(folder, kind) for _ in range(n)) for kind, n in PASSES.items()
        }
        pages = weigh(folder / "site")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    theme = f"mkdocs-material {version('mkdocs-material')}"
    print(f"{machine}, Python {platform.python_version()}, {theme}, {len(pages)} pages")
    print(f"{'build':8}{'median s':>10}{'from':>8}{'to':>8}{'target':>8}")
    for kind, times in seconds.items():
        median = times[len(times) // 2]
        target = f"{TARGETS[kind]:8.0f}" if kind in TARGETS else ""
        print(f"{kind:8}{median:10.1f}{times[0]:8.1f}{times[-1]:8.1f}{target}")
    print("heaviest:", ", ".join(f"{page} {size / 1000:.0f} kB" for page, size in pages[:3]))
    ratio = max(seconds[kind][len(seconds[kind]) // 2] / TARGETS[kind] for kind in TARGETS)
    print(f"site: ratio {ratio:.2f} (target 1.00)")
    return int(ratio > 1)


if __name__ == "__main__":
    sys.exit(main())
