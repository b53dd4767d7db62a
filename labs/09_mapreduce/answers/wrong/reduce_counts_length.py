"""Asks an iterator for its length.

caught_by: test_reduce_counts_adds_up
hint: it has no length
"""


def reduce_counts(word, counts):
    yield word, len(counts)
