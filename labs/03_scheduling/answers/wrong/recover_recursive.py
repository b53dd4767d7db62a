"""Goes back by recursion.

caught_by: test_recover_along_a_long_chain
hint: Python ends a recursion
"""


def recover(graph, holders, lost, wanted):
    again = set()

    def need(task):
        if task not in again and not set(holders.get(task, ())) - {lost}:
            again.add(task)
            for needed in graph[task]:
                need(needed)

    for task in wanted:
        need(task)
    return again
