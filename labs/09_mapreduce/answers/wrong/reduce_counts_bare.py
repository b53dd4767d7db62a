"""Gives the total without the word.

caught_by: test_reduce_counts_adds_up
hint: (word, total)
"""


def reduce_counts(word, counts):
    return sum(counts)
