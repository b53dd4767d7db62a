"""Splits at single spaces: two of them have an empty word between them.

caught_by: test_map_words_of_any_line
hint: whitespace of any kind
"""


def map_words(line):
    for word in line.strip().split(" "):
        if word:
            yield word, 1
