"""Starts the whole job again, as one reads.

caught_by: test_recover_is_not_a_restart
hint: Nothing else has to run
"""


def recover(graph, holders, lost, wanted):
    return set(graph)
