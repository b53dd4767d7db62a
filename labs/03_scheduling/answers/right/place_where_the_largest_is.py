"""Sends a task to its largest single input; takes any topological order for that."""


def place(graph, sizes, workers):
    last = [task for task, used in dependents(graph).items() if not used]
    leaves = [task for task in depth_first(graph, last) if not graph[task]]
    placed = {task: number * workers // len(leaves) for number, task in enumerate(leaves)}
    for task in toposort(graph):
        if graph[task]:
            placed[task] = placed[max(graph[task], key=lambda d: sizes[d])]
    return placed
