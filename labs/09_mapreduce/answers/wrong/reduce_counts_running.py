"""Gives the running total after each count.

caught_by: test_reduce_counts_adds_up
hint: Give one pair
"""


def reduce_counts(word, counts):
    total = 0
    for count in counts:
        total += count
        yield word, total
