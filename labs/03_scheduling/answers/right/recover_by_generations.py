"""Generation by generation, with sets."""


def recover(graph, holders, lost, wanted):
    there = {task for task in holders if any(worker != lost for worker in holders[task])}
    again = generation = set(wanted) - there
    while generation:
        generation = {d for task in generation for d in graph[task]} - there - again
        again = again | generation
    return again
