"""Counts the records: right as long as nobody combines.

caught_by: test_reduce_counts_adds_up
hint: partial sums
"""


def reduce_counts(word, counts):
    yield word, sum(1 for _ in counts)
