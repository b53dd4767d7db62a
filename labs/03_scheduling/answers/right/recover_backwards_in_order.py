"""Goes through the graph once, from the end, and marks what is needed."""


def recover(graph, holders, lost, wanted):
    needed = set(wanted)
    again = set()
    for task in reversed(toposort(graph)):
        if task in needed and not any(worker != lost for worker in holders.get(task, ())):
            again.add(task)
            needed.update(graph[task])
    return again
