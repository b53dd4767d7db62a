"""A tiny lab, as `outgrow dev new` makes it, in a checkout of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import solutions
from autograder import excerpt
from autograder.lab import Lab, read_lab
from autograder.scaffold import make_lab

NAME = "16_windows"


@contextmanager
def tiny_lab(root: Path) -> Iterator[Lab]:
    """The lab in `root/labs`, with its reference importable from `solutions` for as long as it
    lasts."""
    excerpt.read_module.cache_clear()
    solutions.__path__.insert(0, str(root / "solutions"))
    try:
        yield read_lab(make_lab(root / "labs", NAME))
    finally:
        solutions.__path__.remove(str(root / "solutions"))
        excerpt.read_module.cache_clear()


def answered(source: str, text: str) -> str:
    """A notebook's text with the stub of `double` replaced."""
    stub = "raise NotImplementedError  # write your answer here"
    assert stub in text
    return text.replace(stub, source)
