"""Gives each distinct word of the line once.

caught_by: test_map_words_gives_a_pair_for_every_word
hint: Six words, six pairs
"""


def map_words(line):
    for word in dict.fromkeys(line.split()):
        yield word, 1
