"""All ready tasks at once, then all that became ready by them, and so on."""


def toposort(graph):
    needed_by = dependents(graph)
    missing = {task: len(needs) for task, needs in graph.items()}
    generation = sorted(task for task in graph if not graph[task])
    order = []
    while generation:
        order += generation
        following = []
        for task in generation:
            for dependent in needed_by[task]:
                missing[dependent] -= 1
                if not missing[dependent]:
                    following.append(dependent)
        generation = following
    if len(order) != len(graph):
        raise ValueError("the graph has a cycle")
    return order
