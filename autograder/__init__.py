"""Outgrow's autograder: labs to notebooks to verdicts to marks.

A notebook needs one name of it: ``from autograder import check``.
"""

import sys
from typing import TYPE_CHECKING, Any

# jsonschema, which nbformat imports, tries to import this parser of internet addresses, which takes
# a second of CPU to make; nothing here asks it for one. None makes that import fail, as it may.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

if TYPE_CHECKING:
    from autograder.checking import check

__all__ = ["check"]


def __getattr__(name: str) -> Any:
    if name == "check":
        from autograder.checking import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
