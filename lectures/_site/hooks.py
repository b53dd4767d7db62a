"""For MkDocs: what the cells in the pages need is made before a build, and put into the site after.

Another generator has no such hooks; there `python -m lectures._site.vendor SITE/assets/live` does
the same.
"""

from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

from lectures._site import vendor
from lectures._site.problem import PageProblem


def on_pre_build(config: Any) -> None:
    """Called by MkDocs first: what is missing is said before minutes are spent on fences."""
    del config
    try:
        vendor.bundle()
    except PageProblem as problem:
        raise PluginError(problem.message) from None


def on_post_build(config: Any) -> None:
    """Called by MkDocs when the pages are written."""
    vendor.install(Path(config["site_dir"]) / "assets" / "live")
