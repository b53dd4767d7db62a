"""Adds up within the line, which is the combiner's work.

caught_by: test_map_words_gives_a_pair_for_every_word
hint: Six words, six pairs
"""

from collections import Counter


def map_words(line):
    yield from Counter(line.split()).items()
