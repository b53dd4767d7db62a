"""Graphs of tasks: the morning's, and ones that are drawn at random.

A graph is a dict from each task to the tasks that it depends on.
"""

MORNING = {"load": [], "clean": ["load"], "count": ["clean"], "map": ["clean"]}


def words(rng, many):
    """That many different names in no order."""
    return [f"n{number:04}" for number in rng.choice(10_000, many, replace=False)]


def shuffled(rng, mapping):
    """The same dict with its keys in another order."""
    keys = list(mapping)
    return {keys[i]: mapping[keys[i]] for i in rng.permutation(len(keys))}


def random_dag(rng, tasks, reach=8, most=3):
    """A graph that lists every task after its dependencies: up to `most` of the `reach` before."""
    names, graph = words(rng, tasks), {}
    for place, name in enumerate(names):
        near = names[max(0, place - reach) : place]
        graph[name] = [
            near[i] for i in rng.permutation(len(near))[: int(rng.integers(0, most + 1))]
        ]
    return graph


def draw(rng, graph, least, most):
    """A number for each task."""
    return {task: int(rng.integers(least, most)) for task in graph}


def pairs(names, leaves):
    """Leaves that are added up two by two, and how many levels the tree has."""
    names = iter(names)
    layer = [next(names) for _ in range(leaves)]
    graph, levels = {name: [] for name in layer}, 0
    while len(layer) > 1:
        levels += 1
        above = {next(names): layer[i : i + 2] for i in range(0, len(layer) - 1, 2)}
        graph |= above
        layer = [*above, *layer[2 * len(above) :]]
    return graph, levels


def random_pairs(rng, leaves):
    """The same with names drawn at random, and listed in no order."""
    graph, levels = pairs(words(rng, 2 * leaves), leaves)
    return shuffled(rng, graph), levels
