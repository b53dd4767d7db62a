"""Budgets: how long a submission may take, from what the reference took on the same machine.

A slow machine is not a student's fault, and one endless loop costs its own task's time, not a fixed
half minute. So a budget knows its machine: on another one it is measured anew.
"""

import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FACTOR, FLOOR, ENGINE_FLOOR, CELL_FLOOR, CEILING = 10.0, 2.0, 10.0, 5.0, 120.0


@dataclass(frozen=True)
class Budget:
    """Seconds: for the cells of a task together, for each test, and for the whole submission; and
    the machine on which they were measured."""

    cells: Mapping[str, float] = field(default_factory=dict)
    tests: Mapping[str, float] = field(default_factory=dict)
    total: float = 600.0
    machine: str = ""

    def cell(self, task: str) -> float:
        return self.cells.get(task, CEILING)

    def test(self, test: str) -> float:
        return self.tests.get(test, CEILING)


def budget(cells: Mapping[str, float], tests: Mapping[str, float], engine: bool = False) -> Budget:
    """What a submission may take, from what the reference took on this machine, in seconds.

    A lab with an `engine`, DVC among them, has a higher floor: a right result may be got there by
    way of a shuffle, whose cost the tests count in bytes, or of commands, each of which takes a
    second to start.
    """
    floor = ENGINE_FLOOR if engine else FLOOR
    roomy_cells = {task: max(CELL_FLOOR, FACTOR * seconds) for task, seconds in cells.items()}
    roomy_tests = {test: max(floor, FACTOR * seconds) for test, seconds in tests.items()}
    reference = sum(cells.values()) + sum(tests.values())
    return Budget(roomy_cells, roomy_tests, max(60.0, FACTOR * reference), this_machine())


@cache
def this_machine() -> str:
    """This machine's name, processor and number of cores: what a budget is good for."""
    return f"{platform.node()}: {_processor()}, {os.cpu_count()} cores"


def _processor() -> str:
    """The processor's model, as far as it can be found."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
