"""Jobs for the simulator: tasks that are numbers, with a duration, a result's size, and needs.

A job is plain lists, so that it can be written as JSON and read by any language. Task `i` needs the
results of the tasks `needs[i]`, all of which have smaller numbers; it takes `cost[i]` microseconds,
and its result has `size[i]` bytes. Everything is a whole number: no result depends on rounding.

    Job(needs=[[], [], [0, 1]], cost=[5, 5, 9], size=[100, 100, 8])

The functions below make the usual shapes: a fan, a chain, a tree, a shuffle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Job:
    """What is to be computed.

    needs: for each task the tasks whose results it needs, each once, all of smaller numbers.
    cost: microseconds, 1 or more. size: bytes of the result, 0 or more.
    tags: the resource that a task asks its worker for; most tasks ask for none.
    wanted: the tasks whose results are kept to the end; by default those that no task needs.

    Raises ValueError if the lists do not fit together.
    """

    needs: list[list[int]]
    cost: list[int]
    size: list[int]
    tags: Mapping[int, str] = field(default_factory=dict)
    wanted: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not len(self.needs) == len(self.cost) == len(self.size):
            raise ValueError("Job: needs, cost and size must be lists of one length.")
        for task, needed in enumerate(self.needs):
            if needed and not 0 <= min(needed) <= max(needed) < task:
                raise ValueError(f"Job: task {task} needs {needed}. Number what it needs first.")
        if self.cost and min(self.cost) < 1:
            raise ValueError("Job: a task takes 1 microsecond or more.")
        if not self.wanted:
            used = {needed for needs in self.needs for needed in needs}
            last = [task for task in range(len(self.needs)) if task not in used]
            object.__setattr__(self, "wanted", last)

    def dependents(self) -> list[list[int]]:
        """For each task, the tasks that need its result."""
        needed_by: list[list[int]] = [[] for _ in self.needs]
        for task, needed in enumerate(self.needs):
            for each in needed:
                needed_by[each].append(task)
        return needed_by

    def work(self) -> int:
        """The microseconds of all tasks together."""
        return sum(self.cost)

    def longest(self) -> int:
        """The microseconds of the critical path."""
        finish: list[int] = []
        for task, cost in zip(self.needs, self.cost, strict=True):
            finish.append(cost + max((finish[needed] for needed in task), default=0))
        return max(finish, default=0)


def fan(tasks: int, cost: int, size: int = 0) -> Job:
    """Tasks that need nothing and that nothing needs."""
    return Job([[] for _ in range(tasks)], [cost] * tasks, [size] * tasks)


def chain(tasks: int, cost: int, size: int = 0) -> Job:
    """Tasks each of which needs the one before."""
    return Job([[i - 1] if i else [] for i in range(tasks)], [cost] * tasks, [size] * tasks)


def tree(leaves: int, cost: int, size: int, join: int = 1) -> Job:
    """Leaves of `cost`, added up two by two in tasks that take `join`; all results have `size`.

    Numbers go depth first: a pair of neighbours is added up before the next leaf.

    >>> tree(4, 10, 8).needs
    [[], [], [0, 1], [], [], [3, 4], [2, 5]]
    """
    needs: list[list[int]] = []
    tops: list[tuple[int, int]] = []  # (leaves below, task): a smaller one lies on a larger one

    def add(below: int, needed: list[int]) -> None:
        tops.append((below, len(needs)))
        needs.append(needed)

    def join_two() -> None:
        (right, last), (left, first) = tops.pop(), tops.pop()
        add(left + right, [first, last])

    for _ in range(leaves):
        add(1, [])
        while len(tops) > 1 and tops[-1][0] == tops[-2][0]:
            join_two()
    while len(tops) > 1:
        join_two()
    return Job(needs, [join if task else cost for task in needs], [size] * len(needs))


def shuffle(parts: int, cost: int, size: int) -> Job:
    """Every part is split in as many, and each of the results collects one piece of each.

    `size` bytes is a whole part, so a piece has `size // parts`.
    """
    needs: list[list[int]] = []
    for part in range(parts):
        needs += [[], *([[part * (parts + 1)]] * parts)]
    needs += [[p * (parts + 1) + 1 + piece for p in range(parts)] for piece in range(parts)]
    sizes = [size, *[size // parts] * parts] * parts + [size] * parts
    costs = [cost, *[1] * parts] * parts + [cost] * parts
    return Job(needs, costs, sizes)
