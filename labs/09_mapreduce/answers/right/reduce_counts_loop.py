"""Adds up in a loop."""


def reduce_counts(word, counts):
    total = 0
    for count in counts:
        total += count
    yield word, total
