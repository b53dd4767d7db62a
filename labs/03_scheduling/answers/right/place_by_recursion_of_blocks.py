"""Cuts the row of leaves by running totals; decides ties by the lower number."""


def place(graph, sizes, workers):
    needed = {d for needs in graph.values() for d in needs}
    order = depth_first(graph, [task for task in graph if task not in needed])
    leaves = [task for task in order if not graph[task]]
    least, more = divmod(len(leaves), workers)
    placed, rest = {}, iter(leaves)
    for worker in range(workers):
        for _ in range(least + (worker < more)):
            placed[next(rest)] = worker
    for task in order:
        if graph[task]:
            here = [0] * workers
            for d in graph[task]:
                here[placed[d]] += sizes[d]
            placed[task] = here.index(max(here))
    return placed
