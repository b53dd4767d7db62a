"""Where results are, in the simulator: which worker holds which, in memory or on disk.

A result has one copy or several: whoever needs it fetches it, and keeps it until it is released.
A worker has one link, over which its inputs arrive one transfer after another.
"""

from solutions.job import Job
from solutions.machines import Machines


class Storage:
    """The results of a job on some machines; counts what is moved, spilled and held."""

    def __init__(self, job: Job, machines: Machines) -> None:
        self.job, self.machines = job, machines
        self.copies: dict[int, dict[int, bool]] = {}  # result -> who holds it -> on disk?
        self.used = [0] * machines.workers  # bytes that a worker holds in memory
        self.link = [0] * machines.workers  # when its transfers will be done
        self.held = self.peak = self.moved = self.spilled = 0

    def holders(self, task: int) -> list[int]:
        """The workers that hold inputs of a task, those with most bytes of them first."""
        there: dict[int, int] = {}
        for needed in self.job.needs[task]:
            for worker in self.copies[needed]:
                there[worker] = there.get(worker, 0) - self.job.size[needed]
        return sorted(there, key=lambda worker: (there[worker], worker))

    def travel(self, task: int, worker: int, begin: int) -> int:
        """When the inputs of a task are in a worker's memory, if they may travel from `begin`."""
        moving, reading, away = 0, 0, False
        for needed in self.job.needs[task]:
            copies, size = self.copies[needed], self.job.size[needed]
            if worker not in copies:
                moving, away = moving + size, True
            if copies.get(worker, all(copies.values())):
                reading += size
        when = begin - (-reading // self.machines.disk)
        if away:
            when = max(when, self.link[worker]) + self.machines.latency
        return when - (-moving // self.machines.bandwidth)

    def fetch(self, task: int, worker: int, begin: int) -> int:
        """Send a worker the inputs of a task that it lacks; when they are there."""
        there = self.travel(task, worker, begin)
        for needed in self.job.needs[task]:
            if worker not in self.copies[needed]:
                self.copies[needed][worker] = self.store(needed, worker)
                self.moved += self.job.size[needed]
                self.link[worker] = there
        return there

    def full(self, task: int, worker: int) -> bool:
        """Whether a worker's memory is too full for the result of a task."""
        memory = self.machines.memory
        return memory is not None and self.used[worker] + self.job.size[task] > memory

    def store(self, task: int, worker: int) -> bool:
        """Find room for a result: in memory, or on disk (True)."""
        full, size = self.full(task, worker), self.job.size[task]
        self.spilled += size if full else 0
        self._hold(worker, 0 if full else size)
        return full

    def release(self, task: int) -> None:
        """Drop all copies of a result, if there are any."""
        for worker, on_disk in self.copies.pop(task, {}).items():
            self._hold(worker, 0 if on_disk else -self.job.size[task])

    def lose(self, worker: int) -> None:
        """Everything that a worker holds is gone."""
        self._hold(worker, -self.used[worker])
        for task in [task for task, copies in self.copies.items() if worker in copies]:
            del self.copies[task][worker]
            if not self.copies[task]:
                del self.copies[task]

    def _hold(self, worker: int, size: int) -> None:
        self.used[worker] += size
        self.held += size
        self.peak = max(self.peak, self.held)
