"""Builds the list of all pairs.

caught_by: test_map_words_hands_out_one_pair_at_a_time
hint: as soon as it has it
"""


def map_words(line):
    return [(word, 1) for word in line.split()]
