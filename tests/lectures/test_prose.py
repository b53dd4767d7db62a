"""The words of the course: spelt right, and light to load."""

import gzip
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROSE = ("lectures/**/*.md", "lectures/*.yml", "labs/*/lab.py", "*.md")
WORDS = "fro"  # to and fro
HEAVY = 300_000  # bytes of a page with what it loads, gzipped, before anybody tries a cell


def test_the_prose_is_spelt_right():
    files = [str(path) for pattern in PROSE for path in ROOT.glob(pattern)]
    command = ["codespell", "--ignore-words-list", WORDS, *files]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_pages_are_light(site: Path):
    """Each page, and the styles and scripts that it names, as a server would send them."""
    weights = {p.relative_to(site).as_posix(): _weight(site, p) for p in site.rglob("*.html")}
    assert len(weights) > 15
    assert {name: weight for name, weight in weights.items() if weight > HEAVY} == {}


def _weight(site: Path, page: Path) -> int:
    text = page.read_text("utf-8")
    named = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^":#]+\.(?:js|css))"', text)
    absolute = (site / name[1:] for name in named if name.startswith("/"))
    beside = (page.parent / name for name in named if not name.startswith("/"))
    return sum(_sent(file.resolve()) for file in (page, *absolute, *beside))


@cache
def _sent(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 6))
