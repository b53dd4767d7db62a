"""A submission's own Spark, as far as a test may look at it: facts, not objects.

They are gathered in the student's process, which could forge them: see the guide.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from autograder.judge.student import Student


class Spark:
    """The fixture `spark`."""

    def __init__(self, student: Student) -> None:
        self._student = student

    @contextmanager
    def watch(self) -> Iterator[SimpleNamespace]:
        """Facts of what runs inside the `with` (`infra.SparkFacts`), filled in when it ends."""
        facts = SimpleNamespace()
        self._ask("begin")
        try:
            yield facts
        except Exception:
            self._ask("end")
            raise
        facts.__dict__.update(_named(self._ask("end")))

    def _ask(self, name: str) -> Any:
        return self._student._ask({"do": "engine", "engine": "spark", "name": name}, "Spark")


def _named(found: Any) -> dict[str, Any]:
    """The facts by name, and those of each stage too; a process may have sent anything."""
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        return {}
    stages = found.get("by_stage")
    if not isinstance(stages, list | tuple):
        return found
    return {**found, "by_stage": [SimpleNamespace(**_named(stage)) for stage in stages]}
