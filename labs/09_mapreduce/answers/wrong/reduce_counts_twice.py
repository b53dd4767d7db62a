"""Goes through the counts twice; the second time there are none.

caught_by: test_reduce_counts_adds_up
hint: gone through once
"""


def reduce_counts(word, counts):
    if any(count > 0 for count in counts):
        yield word, sum(counts)
