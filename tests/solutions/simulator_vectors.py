"""Jobs, machines and the runs that belong to them, as JSON: what a port of the simulator must give.

    python tests/solutions/simulator_vectors.py > vectors.json

Each vector is `{"name", "job", "machines", "run"}`, with the fields of the dataclasses of those
names. All numbers are whole; keys that are numbers (`tags`, `offers`) are text, as JSON wants it.
"""

import json
import sys
from dataclasses import asdict, replace

from solutions.job import Job, chain, fan, shuffle, tree
from solutions.machines import Machines
from solutions.simulator import simulate

MIXED = Job(
    needs=[[], [], [0, 1], [2], [2], [], [3, 4, 5], [0, 6], []],
    cost=[700, 300, 900, 50, 4000, 2500, 10, 120, 800],
    size=[9000, 100_000, 50, 0, 777, 1_000_000, 3, 8, 64],
    tags={3: "GPU", 8: "GPU"},
)


def scenarios() -> dict[str, tuple[Job, Machines]]:
    """One job and one set of machines for each thing that a simulator can get wrong."""
    two = Machines(workers=2)
    pairs = tree(16, cost=10_000, size=1_000_000, join=3_000)
    return {
        "a fan, more workers than one scheduler can feed": (fan(60, 1_000), Machines(20)),
        "a chain: every step is two messages": (chain(12, 1_000, 50), two),
        "a tree": (pairs, Machines(3)),
        "a shuffle": (shuffle(6, 5_000, 600_000), Machines(4)),
        "a slow network": (pairs, replace(two, bandwidth=1)),
        "little memory": (shuffle(5, 5_000, 600_000), replace(two, memory=700_000)),
        "resources": (MIXED, replace(two, offers={1: ["GPU"]})),
        "nobody steals": (pairs, replace(two, stealing=False)),
        "nothing but work": (pairs, Machines(4, overhead=0, latency=0)),
        "a worker fails": (pairs, Machines(3, failures=[(45_000, 1)])),
        "two workers fail": (
            shuffle(6, 5_000, 600_000),
            Machines(4, failures=[(12_000, 2), (40_000, 0)]),
        ),
        "no task": (Job([], [], []), two),
    }


def vectors() -> list[dict]:
    """All scenarios with their runs, as plain data."""
    found = [
        {"name": n, "job": asdict(j), "machines": asdict(m), "run": asdict(simulate(j, m))}
        for n, (j, m) in scenarios().items()
    ]
    return json.loads(json.dumps(found))


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, indent=1)
