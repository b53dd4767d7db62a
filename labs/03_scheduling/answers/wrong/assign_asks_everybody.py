"""Asks every worker: right, and slow.

caught_by: test_assign_scales
hint: How many of them do you have to ask
"""


def assign(graph, cost, move, workers):
    return ask_everybody(graph, cost, move, workers)[0]
