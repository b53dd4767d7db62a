"""Graphs of tasks, drawn at random: a dict from each task to the tasks that it depends on."""


def words(rng, many):
    """That many different names in no order."""
    return [f"n{number:04}" for number in rng.choice(10_000, many, replace=False)]


def shuffled(rng, mapping):
    """The same dict with its keys in another order."""
    keys = list(mapping)
    return {keys[i]: mapping[keys[i]] for i in rng.permutation(len(keys))}


def random_dag(rng, tasks, reach):
    """A graph without cycles; neither its names nor their order in the dict give it away.

    A task depends on some of the `reach` tasks made just before it.
    """
    names, graph = words(rng, tasks), {}
    for place, name in enumerate(names):
        near = names[max(0, place - reach) : place]
        graph[name] = [near[i] for i in rng.permutation(len(near))[: int(rng.integers(0, 4))]]
    return shuffled(rng, graph)
