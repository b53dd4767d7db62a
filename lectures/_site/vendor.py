"""What the site needs in the browser, fetched from npm once and put together here.

The packages are pinned in `live/package.json`; `live/checksums.json` has the checksum of each,
and npm refuses what does not match. They go into a folder of the user's cache, and so does the
bundle that is made of them, so a build whose sources are as before needs neither npm nor Node.
Nothing of it is ever in git. As a command:

    python -m lectures._site.vendor FOLDER     put the bundle into a folder
    python -m lectures._site.vendor --lock     write the checksums anew, after a change of versions

A tool from npm that only tests need is pinned in the same way, in a folder of theirs; that folder
stands behind `--lock` then.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from lectures._site import archive, licences
from lectures._site.cache import folder
from lectures._site.node import PLACE, node, npm
from lectures._site.problem import PageProblem

SOURCES = Path(__file__).parent / "live"
PINS = {"package.json": "package.json", "checksums.json": "package-lock.json"}  # here: for npm
REVEAL = ("reveal.js", "reveal.css", "plugin/notes.js")
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def install(target: Path) -> None:
    """Put the bundle into a folder; what is there already and the same stays as it is."""
    made = bundle()
    target.mkdir(parents=True, exist_ok=True)
    for file in made.iterdir():
        old = target / file.name
        if not old.is_file() or old.stat().st_mtime_ns != file.stat().st_mtime_ns:
            shutil.copy2(file, old)


def bundle() -> Path:
    """The folder of the bundle, made if it is not in the cache.

    Raises PageProblem if it has to be made and npm is missing or fails.
    """
    files = archive.members()
    scripts = sorted(path for path in SOURCES.iterdir() if path.suffix in (".js", ".mjs", ".json"))
    digest = hashlib.sha256(Path(__file__).read_bytes() + Path(licences.__file__).read_bytes())
    for name, content in [*files.items(), *((path.name, path.read_bytes()) for path in scripts)]:
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    target = folder() / f"live-{digest.hexdigest()[:32]}"
    if not target.is_dir():
        modules = packages(SOURCES) / "node_modules"
        with _aside(target) as made:
            _fill(made, modules, files)
    return target


def _fill(made: Path, modules: Path, files: dict[str, bytes]) -> None:
    for name in PYODIDE:
        _link(modules / "pyodide" / name, made / name)
    for name in REVEAL:  # for the slides
        _link(modules / "reveal.js/dist" / name, made / Path(name).name)
    lock = json.loads((modules / "pyodide/pyodide-lock.json").read_text("utf-8"))
    # Without a list of packages Pyodide offers none, and would have to ask another host for none.
    (made / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}), "utf-8")
    shutil.copy(SOURCES / "worker.mjs", made)
    archive.write(made / "python.zip", files)
    (made / "LICENSES.txt").write_text(licences.collected(modules), "utf-8")
    esbuild = [*node(), f"{modules}/esbuild/bin/esbuild", str(SOURCES / "cell.js")]
    options = ["--bundle", "--format=esm", "--minify", "--target=es2022", "--log-level=error"]
    to = f"--outfile={made / 'cell.js'}"
    _run([*esbuild, *options, to], made, "Mend lectures/_site/live/*.js.", NODE_PATH=str(modules))


def packages(pinned: Path) -> Path:
    """The folder with the npm packages that a folder pins, fetched if it is not in the cache.

    Raises PageProblem if they have to be fetched and npm is missing or fails.
    """
    pins = b"".join((pinned / name).read_bytes() for name in PINS)
    target = folder() / f"npm-{sys.platform}-{hashlib.sha256(pins).hexdigest()[:32]}"
    if not target.is_dir():
        with _aside(target) as made:
            for name, to in PINS.items():
                shutil.copy(pinned / name, made / to)
            _run([*npm(), "ci", *QUIET], made, "npm says why below; the versions are pinned.")
    return target


def lock(pinned: Path) -> None:
    """Write the checksums anew, of all versions that npm chooses, without any host's name."""
    with TemporaryDirectory() as made:
        shutil.copy(pinned / "package.json", made)
        command = [*npm(), "install", "--package-lock-only", "--omit-lockfile-registry-resolved"]
        _run([*command, *QUIET], Path(made), "npm says why below.")
        locked = json.loads(Path(made, "package-lock.json").read_text("utf-8"))
    for package in locked["packages"].values():
        for name in ("funding", "resolved", "license", "engines", "bin"):
            package.pop(name, None)
    (pinned / "checksums.json").write_text(json.dumps(locked, indent=1) + "\n", "utf-8")


def _run(command: Sequence[str], place: Path, remedy: str, **more: str) -> None:
    surroundings = os.environ | more
    done = subprocess.run(command, cwd=place, env=surroundings, capture_output=True, text=True)
    if done.returncode:
        program = " ".join(Path(word).name for word in command[:2])
        fact = f"`{program}` failed with {done.returncode}."
        raise PageProblem(PLACE, fact, remedy, done.stderr or done.stdout)


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A folder to fill, put in its place as a whole when all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as room:
        made = Path(room, "made")
        made.mkdir()
        yield made
        with suppress(OSError):  # another process has put the same there
            made.rename(target)


def _link(source: Path, target: Path) -> None:
    """The same file at another place, without a second copy where the disk allows that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


if __name__ == "__main__":
    if sys.argv[1] == "--lock":
        lock(Path(*sys.argv[2:]) if sys.argv[2:] else SOURCES)
    else:
        install(Path(sys.argv[1]))
