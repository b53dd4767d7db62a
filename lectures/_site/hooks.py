"""For MkDocs: after a build, what the cells in the pages need goes into the site.

Another generator has no such hook; there `python -m lectures._site.vendor SITE/assets/live` does
the same.
"""

from pathlib import Path
from typing import Any

from lectures._site import vendor


def on_post_build(config: Any) -> None:
    """Called by MkDocs when the pages are written."""
    vendor.install(Path(config["site_dir"]) / "assets" / "live")
