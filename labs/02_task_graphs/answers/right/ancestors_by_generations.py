"""Parents, then their parents, a set at a time."""


def ancestors(graph, key):
    found, generation = set(), set(graph[key])
    while generation:
        found |= generation
        generation = {d for task in generation for d in graph[task]} - found
    return found
