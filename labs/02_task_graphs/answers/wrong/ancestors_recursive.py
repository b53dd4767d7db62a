"""One call inside the other for each step of a chain.

caught_by: test_ancestors_along_a_long_chain
hint: Python ends a recursion
"""


def ancestors(graph, key):
    found = set()

    def visit(task):
        for dependency in graph[task]:
            if dependency not in found:
                found.add(dependency)
                visit(dependency)

    visit(key)
    return found
