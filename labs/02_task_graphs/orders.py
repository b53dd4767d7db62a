"""What an order, a cycle and a path of tasks must be."""

from autograder.testing import hint


def check_order(order, graph, too_early):
    """Every task once, after its dependencies; `too_early` is the hint for one that is not."""
    assert isinstance(order, list), hint("Return the order as a list of task names.")
    assert sorted(order) == sorted(graph), hint("Every task belongs in the order exactly once.")
    place = {task: i for i, task in enumerate(order)}
    early = [(t, d) for t, needs in graph.items() for d in needs if place[t] < place[d]]
    assert early == [], hint(too_early)


def check_cycle(cycle, graph, no_cycle):
    """Tasks that lead round; `no_cycle` is the hint if one does not depend on the next."""
    assert cycle is not None, hint("There is a cycle in this graph, and you returned None.")
    assert len(set(cycle)) == len(cycle) > 0, hint("A cycle lists each of its tasks once.")
    steps = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    missing = [(task, following) for task, following in steps if following not in graph[task]]
    assert missing == [], hint(no_cycle)


def check_path(path, graph, cost, longest, broken, too_short):
    """A path that takes `longest`; `broken` and `too_short` are the hints if it is none, or not."""
    steps = list(zip(path[1:], path, strict=False))
    jumps = [(task, before) for task, before in steps if before not in graph[task]]
    assert jumps == [], hint(broken)
    assert sum(cost[task] for task in path) == longest, hint(too_short)
