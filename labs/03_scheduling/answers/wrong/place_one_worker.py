"""Moves no byte at all: one worker does everything.

caught_by: test_place_follows_the_largest_input
hint: one worker does it all
"""


def place(graph, sizes, workers):
    return dict.fromkeys(graph, 0)
